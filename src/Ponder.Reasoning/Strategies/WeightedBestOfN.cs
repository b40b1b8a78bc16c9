using Ponder.Reasoning.Answers;
using Ponder.Reasoning.Policies;
using Ponder.Reasoning.Sessions;

namespace Ponder.Reasoning.Strategies;

/// <summary>
/// Weighted best-of-N: draws N answers and takes the one whose samples have the greatest sum of rewards. Li et al., arXiv 2206.02336; compared with
/// plain best-of-N by Snell et al., arXiv 2408.03314. Answers that could not be scored vote only when none could, and then count alike.
/// </summary>
/// <param name="samples">N, at least 1.</param>
public sealed class WeightedBestOfN(int samples = 16) : IStrategy
{
    /// <summary>Its row in the table.</summary>
    public static StrategyRow Row { get; } = new(
        "weighted-best-of-n", "Takes the answer whose samples have the greatest sum of rewards.", "Li et al., arXiv 2206.02336", "N answers, N rewards",
        [StrategyOption.Samples(16)], values => new WeightedBestOfN(values.Whole("samples")));

    /// <inheritdoc/>
    public string Name => Row.Name;

    /// <inheritdoc/>
    public PolicyFeatures Needs => PolicyFeatures.None;

    /// <inheritdoc/>
    public bool NeedsReward => true;

    /// <inheritdoc/>
    public async Task<Choice> SolveAsync(SolveSession session)
    {
        var drawn = await session.SampleAsync(samples, session.ToScore()).ConfigureAwait(false);
        var answers = await session.ScoreAnswersAsync(drawn).ConfigureAwait(false);
        return Choose(answers, session.Problem.Answers, session.Settings.Reward!.Range.Low);
    }

    /// <summary>The choice from answers.</summary>
    /// <param name="drawn">Answers, scored but for those where the reward failed.</param>
    /// <param name="answers">Tells which are the same.</param>
    /// <param name="low">The lowest reward that there is.</param>
    internal static Choice Choose(IReadOnlyList<Thought> drawn, IAnswerReader answers, double low)
    {
        Thought[] scored = [.. drawn.Where(thought => thought.Reward is not null)];
        return scored.Length == 0 ? Choice.ByMajority(drawn, answers) : Choice.ByWeightedVote(scored, answers, Weight(scored, low));
    }

    // A vote needs weights that are not negative. Rewards that cannot be negative are their own; others are counted from the lowest there is, or taken
    // as logarithms where there is none.
    private static Func<Thought, double> Weight(Thought[] scored, double low)
    {
        if (double.IsFinite(low))
            return thought => thought.Reward!.Value - Math.Min(low, 0);
        double top = scored.Max(thought => thought.Reward!.Value);
        return thought => Math.Exp(thought.Reward!.Value - top);
    }
}
