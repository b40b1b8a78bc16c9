using Ponder.Reasoning.Strategies;

namespace Ponder.Reasoning.Search;

/// <summary>
/// REBASE: at every depth the width that is left is shared among the frontier in proportion to softmax(reward / temperature); a thought that comes to its
/// end takes one from the width. Wu et al., arXiv 2408.00724.
/// </summary>
/// <param name="options">What all searches have in common; null for the defaults.</param>
/// <param name="temperature">Above 0: low ones favour the best.</param>
public sealed class Rebase(SearchOptions? options = null, double temperature = 0.2) : SearchStrategy(Row, options)
{
    /// <summary>Its row in the table.</summary>
    public static StrategyRow Row { get; } = new(
        "rebase", "Shares the width among partial thoughts by their rewards, anew at every step.", "Wu et al., arXiv 2408.00724",
        "the tokens of W answers, and their rewards",
        SearchOptions.Rows(StrategyOption.Number("temperature", 0.2, "Of the softmax over rewards.", 0.001, 100)),
        values => new Rebase(SearchOptions.Of(values), values.Number("temperature")));

    private protected override async Task SearchAsync(StepSearch search)
    {
        var frontier = await search.ExpandAsync([search.Session.Root], [Options.Width]).ConfigureAwait(false);
        while (search.CanGrow(frontier))
        {
            int[] shares = Shares([.. frontier.Select(StepSearch.RewardOf)], Options.Width - search.Ended.Count, temperature);
            frontier = await search.ExpandAsync(frontier, shares).ConfigureAwait(false);
        }
        await search.FinishAsync(frontier).ConfigureAwait(false);
    }

    /// <summary>
    /// Shares a width: from the highest reward down, each takes its part of what is left, rounded up, so that all of it is given and nothing more.
    /// </summary>
    /// <param name="rewards">At least one.</param>
    /// <param name="width">At least 0.</param>
    /// <param name="temperature">Above 0.</param>
    public static int[] Shares(IReadOnlyList<double> rewards, int width, double temperature)
    {
        ArgumentNullException.ThrowIfNull(rewards);
        double top = rewards.Max();
        double[] weights = [.. rewards.Select(reward => Math.Exp((reward - top) / temperature))];
        double rest = weights.Sum();
        int left = width;
        var shares = new int[rewards.Count];
        foreach (int i in Enumerable.Range(0, rewards.Count).OrderByDescending(i => rewards[i]).ThenBy(i => i))
        {
            shares[i] = rest > 0 ? Math.Min(left, (int)Math.Ceiling((left * weights[i] / rest) - 1e-9)) : 0;
            left -= shares[i];
            rest -= weights[i];
        }
        return shares;
    }
}
