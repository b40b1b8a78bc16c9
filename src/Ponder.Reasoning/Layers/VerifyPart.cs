using Ponder.Reasoning.Sessions;
using Ponder.Reasoning.Strategies;

namespace Ponder.Reasoning.Layers;

/// <summary>
/// Keeps the candidates that hold: those that the verifier finds right, or, where it finds none, those that it cannot tell about; by the policy those for
/// which a yes to the question whether the answer is correct is likely enough.
/// </summary>
internal sealed class VerifyPart : ILayerPart
{
    private const string Either = "either", Verifier = "verifier", Policy = "policy";

    private readonly string _by;
    private readonly double _threshold;

    private VerifyPart(PartValues values) => (_by, _threshold) = (values.Text("by"), values.Number("threshold"));

    /// <summary>Its row in the table.</summary>
    public static PartRow Row { get; } = new(
        "verify", "Keeps the candidates that are found right; all, where none is.",
        [
            StrategyOption.OneOf("by", Either, "What checks; either: the verifier where there is one, else the policy.", Either, Verifier, Policy),
            StrategyOption.Number("threshold", 0.5, "How likely the policy's yes has to be.", 0, 1),
        ])
    {
        Create = values => new VerifyPart(values),
    };

    /// <inheritdoc/>
    public bool NeedsVerifier => _by == Verifier;

    /// <inheritdoc/>
    public int Gives(int arriving) => arriving;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Candidate>> RunAsync(SolveSession session, IReadOnlyList<Candidate> candidates)
    {
        var sound = _by == Policy || session.Verifier is null
            ? await AskAsync(session, candidates).ConfigureAwait(false)
            : await CheckAsync(session, candidates).ConfigureAwait(false);
        if (sound.Count == 0)
        {
            session.Note("A layer found no candidate right, and passed all of them on.");
            return candidates;
        }
        return sound;
    }

    private static async Task<IReadOnlyList<Candidate>> CheckAsync(SolveSession session, IReadOnlyList<Candidate> candidates)
    {
        await session.VerifyAsync([.. candidates.Select(candidate => candidate.Thought)]).ConfigureAwait(false);
        Candidate[] right = [.. candidates.Where(candidate => candidate.Thought.Verdict?.IsCorrect == true)];
        return right.Length > 0 ? right : [.. candidates.Where(candidate => candidate.Thought.Verdict?.IsCorrect is null)];
    }

    private async Task<IReadOnlyList<Candidate>> AskAsync(SolveSession session, IReadOnlyList<Candidate> candidates)
    {
        double?[] yes = await Wording.IsSoAsync(
            session, [.. candidates.Select(candidate => LayerPrompts.IsCorrect(session.Problem, candidate))]).ConfigureAwait(false);
        return [.. candidates.Where((_, i) => yes[i] >= _threshold)];
    }
}
