using Ponder.Reasoning.Policies;
using Ponder.Reasoning.Sessions;

namespace Ponder.Reasoning.Strategies;

/// <summary>
/// Self-consistency: draws N answers and takes the one that most of them agree on; of several the one seen first. Wang et al., arXiv 2203.11171.
/// </summary>
/// <param name="samples">N, at least 1.</param>
public sealed class Majority(int samples = 16) : IStrategy
{
    /// <summary>Its row in the table.</summary>
    public static StrategyRow Row { get; } = new(
        "majority", "Takes the answer that most samples agree on.", "Wang et al., arXiv 2203.11171", "N answers",
        [StrategyOption.Samples(16)], values => new Majority(values.Whole("samples")));

    /// <inheritdoc/>
    public string Name => Row.Name;

    /// <inheritdoc/>
    public PolicyFeatures Needs => PolicyFeatures.None;

    /// <inheritdoc/>
    public async Task<Choice> SolveAsync(SolveSession session)
    {
        var answers = await session.SampleAsync(samples).ConfigureAwait(false);
        return Choice.ByMajority(answers, session.Problem.Answers);
    }
}
