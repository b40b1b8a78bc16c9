using Ponder.Reasoning.Sessions;
using Ponder.Reasoning.Strategies;

namespace Ponder.Reasoning.Layers;

/// <summary>Has the policy write one answer out of all candidates and what was said about them; it takes their place.</summary>
internal sealed class FusePart : ILayerPart
{
    private readonly int _samples;
    private readonly Wording _wording;

    private FusePart(PartValues values) => (_samples, _wording) = (values.Whole("samples"), Wording.Of(values));

    /// <summary>Its row in the table.</summary>
    public static PartRow Row { get; } = new(
        "fuse", "Writes one answer out of all candidates, which takes their place.",
        [StrategyOption.Whole("samples", 1, "Times that it is written.", most: 10_000), Wording.TemperatureOption, Wording.MaxTokensOption])
    {
        Create = values => new FusePart(values),
    };

    /// <inheritdoc/>
    public bool ReadsCritiques => true;

    /// <inheritdoc/>
    public int Gives(int arriving) => _samples;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Candidate>> RunAsync(SolveSession session, IReadOnlyList<Candidate> candidates)
    {
        var fused = await _wording.AnswerAsync(session, LayerPrompts.Fuse(session.Problem, candidates), _samples, "fuse").ConfigureAwait(false);
        if (fused.Count == 0)
        {
            session.Note("A layer could not fuse its candidates into an answer, and passed them on.");
            return candidates;
        }
        return [.. fused.Select(thought => new Candidate(thought))];
    }
}
