using Ponder.Reasoning.Policies;
using Ponder.Reasoning.Search;
using Ponder.Reasoning.Sessions;

namespace Ponder.Reasoning.Strategies;

/// <summary>
/// Beam search with a process reward: of W partial thoughts the best W / M are kept after every step, and each goes on in M ways. Snell et al., arXiv
/// 2408.03314; thoughts that come to their ends take from the width, as in Beeching, Tunstall and Rush's search-and-learn.
/// </summary>
/// <param name="width">W, thoughts side by side, at least 1.</param>
/// <param name="expand">M, ways that each goes on in, at least 1.</param>
/// <param name="byVote">Settles by a vote weighted with the rewards; else on the best.</param>
/// <param name="step">What a step is; null for the defaults.</param>
public sealed class BeamSearch(int width = 16, int expand = 4, bool byVote = true, StepOptions? step = null) : IStrategy
{
    /// <summary>Its row in the table.</summary>
    public static StrategyRow Row { get; } = new(
        "beam", "Keeps the best partial thoughts after every step, and lets each go on in several ways.", "Snell et al., arXiv 2408.03314",
        "the tokens of W answers, and their rewards",
        [
            StrategyOption.Whole("width", 16, "Thoughts side by side."),
            StrategyOption.Whole("expand", 4, "Ways that each kept thought goes on in."),
            Ending.Option,
            .. StepOptions.Rows,
        ],
        values => new BeamSearch(values.Whole("width"), values.Whole("expand"), values.Name("choose") == "vote", StepOptions.Of(values)));

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
        var frontier = await search.ExpandAsync([session.Root], [width]).ConfigureAwait(false);
        while (search.CanGrow(frontier))
        {
            int left = width - search.Ended.Count, kept = Math.Clamp(left / expand, 1, frontier.Count);
            Thought[] ranked = [.. frontier.OrderByDescending(StepSearch.RewardOf).ThenBy(thought => thought.Number)];
            session.Reject(ranked[kept..]);
            // The width evenly; what is left over goes to the best.
            int[] shares = [.. Enumerable.Range(0, kept).Select(i => (left / kept) + (i < left % kept ? 1 : 0))];
            frontier = await search.ExpandAsync(ranked[..kept], shares).ConfigureAwait(false);
        }
        await search.FinishAsync(frontier).ConfigureAwait(false);
        return Ending.Of(search, byVote);
    }
}
