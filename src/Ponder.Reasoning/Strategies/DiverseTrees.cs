using Ponder.Reasoning.Policies;
using Ponder.Reasoning.Search;
using Ponder.Reasoning.Sessions;

namespace Ponder.Reasoning.Strategies;

/// <summary>
/// DVTS, diverse verifier tree search: W / M trees that do not compete; each goes on in M ways from the best of its own after every step. Beeching,
/// Tunstall and Rush, "Scaling test-time compute with open models" (2024).
/// </summary>
/// <param name="width">W, thoughts side by side, at least 1.</param>
/// <param name="expand">M, ways that the best of a tree goes on in, at least 1.</param>
/// <param name="byVote">Settles by a vote weighted with the rewards; else on the best.</param>
/// <param name="step">What a step is; null for the defaults.</param>
public sealed class DiverseTrees(int width = 16, int expand = 4, bool byVote = true, StepOptions? step = null) : IStrategy
{
    /// <summary>Its row in the table.</summary>
    public static StrategyRow Row { get; } = new(
        "dvts", "Several trees that do not compete; each goes on from its own best thought.", "Beeching et al. 2024, search-and-learn",
        "the tokens of W answers, and their rewards",
        [
            StrategyOption.Whole("width", 16, "Thoughts side by side."),
            StrategyOption.Whole("expand", 4, "Ways that the best thought of a tree goes on in."),
            Ending.Option,
            .. StepOptions.Rows,
        ],
        values => new DiverseTrees(values.Whole("width"), values.Whole("expand"), values.Name("choose") == "vote", StepOptions.Of(values)));

    /// <inheritdoc/>
    public string Name => Row.Name;

    /// <inheritdoc/>
    public PolicyFeatures Needs => PolicyFeatures.Branches;

    /// <inheritdoc/>
    public bool NeedsReward => true;

    /// <inheritdoc/>
    public async Task<Choice> SolveAsync(SolveSession session)
    {
        var search = new StepSearch(session, step ?? new StepOptions());
        int trees = Math.Max(1, width / expand);
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
        return Ending.Of(search, byVote);
    }
}
