using Ponder.Reasoning.Policies;
using Ponder.Reasoning.Sessions;
using Ponder.Reasoning.Statistics;

namespace Ponder.Reasoning.Strategies;

/// <summary>
/// RPC, perplexity consistency with reasoning pruning: a sample votes with how likely the policy held it to be, p = exp(mean log-probability of its
/// tokens), each text once. Before, a mixture of two Weibull distributions is fitted to all p, and those that rather belong to the lower one are
/// dropped. Zhou et al., arXiv 2502.00511 and 2510.15444.
/// </summary>
/// <param name="samples">N, at least 1.</param>
/// <param name="prune">Whether any are dropped; else it is perplexity consistency alone.</param>
public sealed class PerplexityConsistency(int samples = 16, bool prune = true) : IStrategy
{
    // A mixture has five parameters: with fewer values it would describe each of them.
    private const int FewestToFit = 8;

    /// <summary>Its row in the table.</summary>
    public static StrategyRow Row { get; } = new(
        "rpc", "Weighs votes by the samples' likelihood, and drops the unlikely ones.", "Zhou et al., arXiv 2502.00511", "N answers",
        [StrategyOption.Samples(16), StrategyOption.YesNo("prune", true, "Drops samples of low likelihood.")],
        values => new PerplexityConsistency(values.Whole("samples"), values.IsYes("prune")));

    /// <inheritdoc/>
    public string Name => Row.Name;

    /// <inheritdoc/>
    public PolicyFeatures Needs => PolicyFeatures.LogProbabilities;

    /// <inheritdoc/>
    public async Task<Choice> SolveAsync(SolveSession session)
    {
        var answers = await session.SampleAsync(samples).ConfigureAwait(false);
        var likelihood = answers.Where(thought => thought.Answer is not null).ToDictionary(thought => thought, Likelihood);
        if (likelihood.Values.Any(double.IsNaN))
        {
            session.Note("The policy told no log-probabilities: every sample counts once.");
            return Choice.ByMajority(answers, session.Problem.Answers);
        }
        var kept = prune ? Pruned(likelihood, session) : likelihood.Keys;
        return Choice.ByWeightedVote(kept.DistinctBy(thought => thought.Text), session.Problem.Answers, thought => likelihood[thought]);
    }

    private static IEnumerable<Thought> Pruned(Dictionary<Thought, double> likelihood, SolveSession session)
    {
        if (likelihood.Count < FewestToFit)
        {
            session.Note($"With {likelihood.Count} answers no mixture is fitted: rpc drops samples from {FewestToFit} answers on.");
            return likelihood.Keys;
        }
        var mixture = WeibullMixture.Fit([.. likelihood.Values]);
        double mean = likelihood.Values.Average();
        // The most likely sample is never below the mean, so that something is always left.
        return likelihood.Keys.Where(thought => mixture.GoodPosterior(likelihood[thought]) >= 0.5 || likelihood[thought] >= mean);
    }

    private static double Likelihood(Thought thought)
    {
        var tokens = thought.Tokens();
        return tokens.Count == 0 ? double.NaN : Math.Exp(tokens.Average(token => (double)token.LogProbability));
    }
}
