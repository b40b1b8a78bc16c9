using Ponder.Reasoning.Policies;
using Ponder.Reasoning.Sessions;

namespace Ponder.Reasoning.Strategies;

/// <summary>
/// First finish search: draws answers side by side and takes the first that comes to its end; the rest is given up. Agarwal et al., arXiv 2505.18149.
/// It is <see cref="ShortMAtK"/> with one place, and as independent of timing.
/// </summary>
/// <param name="samples">Answers begun, at least 1.</param>
public sealed class FirstFinish(int samples = 4) : IStrategy
{
    private readonly ShortMAtK _race = new(samples, first: 1);

    /// <summary>Its row in the table.</summary>
    public static StrategyRow Row { get; } = new(
        "first-finish", "Takes the first sample to finish, and gives up the others.", "Agarwal et al., arXiv 2505.18149", "N answers as long as the shortest",
        [StrategyOption.Samples(4)], values => new FirstFinish(values.Whole("samples")));

    /// <inheritdoc/>
    public string Name => Row.Name;

    /// <inheritdoc/>
    public PolicyFeatures Needs => _race.Needs;

    /// <inheritdoc/>
    public async Task<Choice> SolveAsync(SolveSession session)
    {
        var choice = await _race.SolveAsync(session).ConfigureAwait(false);
        return choice with { Confidence = null };               // one vote of one says nothing
    }
}
