using Ponder.Reasoning.Rewards;
using Ponder.Reasoning.Sessions;
using Ponder.Reasoning.Strategies;

namespace Ponder.Reasoning.Search;

/// <summary>
/// Tree of thoughts, breadth first: from every one of b partial thoughts k steps are drawn, and of all these the best b are kept, those at their ends
/// among them. The policy itself says how good each is, when it is asked whether that can still come right. Yao et al., arXiv 2305.10601.
/// </summary>
/// <param name="options">What all searches have in common, b k as the width; null for the defaults, and the best thought as the answer.</param>
/// <param name="expand">k, ways that each kept thought goes on in, at least 1.</param>
/// <param name="byReward">Valued by the session's reward model, in place of the policy's opinion.</param>
/// <param name="votes">Opinions on each thought where the policy does not tell how likely its words are, at least 1; the paper has 3.</param>
public sealed class TreeOfThoughts(SearchOptions? options = null, int expand = 4, bool byReward = false, int votes = 3)
    : SearchStrategy(Row, options ?? new SearchOptions { ByVote = false })
{
    /// <summary>Its row in the table.</summary>
    public static StrategyRow Row { get; } = new(
        "tree-of-thoughts", "Keeps the partial thoughts of which the policy itself thinks best.", "Yao et al., arXiv 2305.10601",
        "the tokens of W answers, and the policy's opinion of every step",
        [
            .. SearchOptions.Rows(
                StrategyOption.Whole("expand", 4, "Ways that each kept thought goes on in."),
                StrategyOption.OneOf("value", "prompt", "Who says how good a thought is: the policy, when asked, or the reward model.", "prompt", "reward"),
                StrategyOption.Whole("votes", 3, "Opinions on each thought, where the policy does not tell probabilities."))
                .Select(option => option == Ending.Option ? option with { Default = "best" } : option),
        ],
        values => new TreeOfThoughts(SearchOptions.Of(values), values.Whole("expand"), values.Name("value") == "reward", values.Whole("votes")));

    /// <inheritdoc/>
    public override bool NeedsReward => byReward;

    /// <inheritdoc/>
    public override async Task<Choice> SolveAsync(SolveSession session)
    {
        ArgumentNullException.ThrowIfNull(session);
        if (byReward)
            return await base.SolveAsync(session).ConfigureAwait(false);
        using var valued = session.Within(settings: session.Settings with { Budget = Budgets.Budget.Unlimited, Reward = new StepValue(votes) });
        return await base.SolveAsync(valued).ConfigureAwait(false);
    }

    private protected override async Task SearchAsync(StepSearch search)
    {
        int kept = Math.Max(1, Options.Width / expand);
        var frontier = await search.ExpandAsync([search.Session.Root], [Options.Width]).ConfigureAwait(false);
        while (search.CanGrow(frontier))
        {
            var best = frontier.Concat(search.Ended).OrderByDescending(StepSearch.RewardOf).ThenBy(thought => thought.Number).Take(kept);
            Thought[] open = [.. best.Where(thought => thought.IsOpen)];
            search.Session.Reject(frontier.Except(open));
            frontier = await search.ExpandAsync(open, [.. open.Select(_ => expand)]).ConfigureAwait(false);
        }
        await search.FinishAsync(frontier).ConfigureAwait(false);
    }
}
