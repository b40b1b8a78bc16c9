using Ponder.Reasoning.Policies;
using Ponder.Reasoning.Sessions;

namespace Ponder.Reasoning.Layers;

/// <summary>The layers of another plan, as one part.</summary>
internal sealed class NestedPart(BuiltPlan plan) : ILayerPart
{
    /// <inheritdoc/>
    public PolicyFeatures Needs => plan.Needs;

    /// <inheritdoc/>
    public bool NeedsReward => plan.NeedsReward;

    /// <inheritdoc/>
    public bool NeedsVerifier => plan.NeedsVerifier;

    /// <inheritdoc/>
    public bool NeedsDrafter => plan.NeedsDrafter;

    /// <inheritdoc/>
    public bool Generates => plan.Generates;

    /// <inheritdoc/>
    public bool Critiques => plan.EndsUnread;

    /// <inheritdoc/>
    public bool ReadsCritiques => plan.ReadsCritiques;

    /// <inheritdoc/>
    public int Gives(int arriving) => plan.Gives;

    /// <inheritdoc/>
    public Task<IReadOnlyList<Candidate>> RunAsync(SolveSession session, IReadOnlyList<Candidate> candidates) => plan.RunAsync(session, candidates);
}
