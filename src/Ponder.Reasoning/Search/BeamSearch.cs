using Ponder.Reasoning.Sessions;
using Ponder.Reasoning.Strategies;

namespace Ponder.Reasoning.Search;

/// <summary>
/// Beam search with a process reward: of W partial thoughts the best W / M are kept after every step, and each goes on in M ways. Snell et al., arXiv
/// 2408.03314; thoughts that come to their ends take from the width, as in Beeching, Tunstall and Rush's search-and-learn.
/// </summary>
/// <param name="options">What all searches have in common; null for the defaults.</param>
/// <param name="expand">M, ways that each goes on in, at least 1.</param>
public sealed class BeamSearch(SearchOptions? options = null, int expand = 4) : SearchStrategy(Row, options)
{
    /// <summary>Its row in the table.</summary>
    public static StrategyRow Row { get; } = new(
        "beam", "Keeps the best partial thoughts after every step, and lets each go on in several ways.", "Snell et al., arXiv 2408.03314",
        "the tokens of W answers, and their rewards",
        SearchOptions.Rows(StrategyOption.Whole("expand", 4, "Ways that each kept thought goes on in.")),
        values => new BeamSearch(SearchOptions.Of(values), values.Whole("expand")));

    private protected override Task SearchAsync(StepSearch search) => SearchAsync(search, Options.Width, expand);

    /// <summary>The search itself, whatever gives the rewards.</summary>
    internal static async Task SearchAsync(StepSearch search, int width, int expand)
    {
        var frontier = await search.ExpandAsync([search.Session.Root], [width]).ConfigureAwait(false);
        while (search.CanGrow(frontier))
        {
            int left = width - search.Ended.Count, kept = Math.Clamp(left / expand, 1, frontier.Count);
            Thought[] ranked = [.. frontier.OrderByDescending(StepSearch.RewardOf).ThenBy(thought => thought.Number)];
            search.Session.Reject(ranked[kept..]);
            // The width evenly; what is left over goes to the best.
            int[] shares = [.. Enumerable.Range(0, kept).Select(i => (left / kept) + (i < left % kept ? 1 : 0))];
            frontier = await search.ExpandAsync(ranked[..kept], shares).ConfigureAwait(false);
        }
        await search.FinishAsync(frontier).ConfigureAwait(false);
    }
}
