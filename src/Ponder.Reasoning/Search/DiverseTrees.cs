using Ponder.Reasoning.Sessions;
using Ponder.Reasoning.Strategies;

namespace Ponder.Reasoning.Search;

/// <summary>
/// DVTS, diverse verifier tree search: W / M trees that do not compete; each goes on in M ways from the best of its own after every step. Beeching,
/// Tunstall and Rush, "Scaling test-time compute with open models" (2024).
/// </summary>
/// <param name="options">What all searches have in common; null for the defaults.</param>
/// <param name="expand">M, ways that the best of a tree goes on in, at least 1.</param>
public sealed class DiverseTrees(SearchOptions? options = null, int expand = 4) : SearchStrategy(Row, options)
{
    /// <summary>Its row in the table.</summary>
    public static StrategyRow Row { get; } = new(
        "dvts", "Several trees that do not compete; each goes on from its own best thought.", "Beeching et al. 2024, search-and-learn",
        "the tokens of W answers, and their rewards",
        SearchOptions.Rows(StrategyOption.Whole("expand", 4, "Ways that the best thought of a tree goes on in.")),
        values => new DiverseTrees(SearchOptions.Of(values), values.Whole("expand")));

    private protected override async Task SearchAsync(StepSearch search)
    {
        var session = search.Session;
        int trees = Math.Max(1, Options.Width / expand);
        var frontier = await search.ExpandAsync([session.Root], [trees * expand]).ConfigureAwait(false);
        var treeOf = frontier.ToDictionary(thought => thought, thought => (thought.Number - session.Root.Number - 1) / expand);    // forks have numbers in a row
        while (search.CanGrow(frontier))
        {
            Thought[] best = [.. frontier.GroupBy(thought => treeOf[thought]).Select(tree => tree.OrderByDescending(StepSearch.RewardOf).ThenBy(t => t.Number).First())];
            session.Reject(frontier.Except(best));
            frontier = await search.ExpandAsync(best, [.. best.Select(_ => expand)]).ConfigureAwait(false);
            foreach (var child in frontier)
                treeOf[child] = treeOf[child.Parent!];
        }
        await search.FinishAsync(frontier).ConfigureAwait(false);
    }
}
