using Ponder.Reasoning.Policies;
using Ponder.Reasoning.Sessions;

namespace Ponder.Reasoning.Layers;

/// <summary>
/// A part of a layer: candidates in, candidates out, the better ones first where it tells them apart. It holds options only. Where the budget or the
/// policy's context leaves it nothing to do it with, it passes on what came to it, and says so in a note.
/// </summary>
internal interface ILayerPart
{
    /// <summary>What the policy must be able to do.</summary>
    PolicyFeatures Needs => PolicyFeatures.None;

    /// <summary>Whether the session must have a reward model.</summary>
    bool NeedsReward => false;

    /// <summary>Whether the session must have a verifier.</summary>
    bool NeedsVerifier => false;

    /// <summary>Whether the session must have a drafter.</summary>
    bool NeedsDrafter => false;

    /// <summary>Whether it needs no candidates to begin with.</summary>
    bool Generates => false;

    /// <summary>Whether what it gives has critiques, for a later part to read.</summary>
    bool Critiques => false;

    /// <summary>Whether it reads critiques.</summary>
    bool ReadsCritiques => false;

    /// <summary>How many candidates it gives at most, when all goes well.</summary>
    /// <param name="arriving">How many come to it at most.</param>
    int Gives(int arriving);

    /// <summary>Why it is of no use where it stands, as the end of a sentence; null where it is.</summary>
    /// <param name="arriving">How many candidates come to it at most.</param>
    string? Objection(int arriving) => null;

    /// <summary>Does its work.</summary>
    /// <param name="session">The session.</param>
    /// <param name="candidates">What came to it; at least one, unless it generates.</param>
    Task<IReadOnlyList<Candidate>> RunAsync(SolveSession session, IReadOnlyList<Candidate> candidates);
}
