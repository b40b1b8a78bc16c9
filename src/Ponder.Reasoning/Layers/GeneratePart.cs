using Ponder.Inference.Sampling;
using Ponder.Reasoning.Composition;
using Ponder.Reasoning.Policies;
using Ponder.Reasoning.Sessions;
using Ponder.Reasoning.Strategies;

namespace Ponder.Reasoning.Layers;

/// <summary>Draws answers, or has a strategy find them. Behind other layers its candidates come to those that are there.</summary>
internal sealed class GeneratePart : ILayerPart
{
    private readonly int _samples;
    private readonly Wording _wording;
    private readonly IStrategy? _inner;

    private GeneratePart(PartValues values) => (_samples, _wording, _inner) = (
        values.Whole("samples"), Wording.Of(values), values.Text("strategy") is { Length: > 0 } text ? StrategyText.Create(text) : null);

    /// <summary>Its row in the table.</summary>
    public static PartRow Row { get; } = new(
        "generate", "Draws answers, or has a strategy find them.",
        [
            StrategyOption.Whole("samples", 1, "Answers to draw, or runs of the strategy.", most: 10_000),
            Wording.TemperatureOption,
            Wording.MaxTokensOption,
            StrategyOption.Strategy("strategy", "", "A strategy in place of single samples, with its options."),
        ])
    {
        Create = values => new GeneratePart(values),
    };

    /// <inheritdoc/>
    public PolicyFeatures Needs => _inner?.Needs ?? PolicyFeatures.None;

    /// <inheritdoc/>
    public bool NeedsReward => _inner?.NeedsReward == true;

    /// <inheritdoc/>
    public bool NeedsVerifier => _inner?.NeedsVerifier == true;

    /// <inheritdoc/>
    public bool NeedsDrafter => _inner?.NeedsDrafter == true;

    /// <inheritdoc/>
    public bool Generates => true;

    /// <inheritdoc/>
    public int Gives(int arriving) => arriving + _samples;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Candidate>> RunAsync(SolveSession session, IReadOnlyList<Candidate> candidates)
    {
        var found = _inner is null
            ? await _wording.AnswerAsync(session, null, _samples, "generate").ConfigureAwait(false)
            : await SolveAsync(session, _inner).ConfigureAwait(false);
        if (found.Count == 0)
            session.Note("A layer generated no answer.");
        return [.. candidates, .. found.Select(thought => new Candidate(thought))];
    }

    private async Task<IReadOnlyList<Thought>> SolveAsync(SolveSession session, IStrategy inner)
    {
        var found = new List<Thought>();
        using var within = session.Within(settings: _wording.In(session.Settings));
        for (int run = 0; run < _samples && within.CanBegin(); run++)
        {
            ulong seed = CounterRandom.Bits(session.Settings.Seed, (ulong)session.Thoughts.Count, (ulong)run);      // no two runs of a plan draw alike
            var choice = await within.SolveAsync(inner, session.Problem, 1.0 / (_samples - run), seed).ConfigureAwait(false);
            if (choice.Thought is { Answer: not null } thought)
                found.Add(thought);
        }
        return found;
    }
}
