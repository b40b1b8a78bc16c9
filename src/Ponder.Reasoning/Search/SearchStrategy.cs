using Ponder.Reasoning.Policies;
using Ponder.Reasoning.Sessions;
using Ponder.Reasoning.Strategies;

namespace Ponder.Reasoning.Search;

/// <summary>A search over steps: it grows a tree of partial thoughts by their rewards, and settles on one of those that came to their ends.</summary>
/// <param name="row">Its row in the table.</param>
/// <param name="options">What all searches have in common; null for the defaults.</param>
public abstract class SearchStrategy(StrategyRow row, SearchOptions? options) : IStrategy
{
    /// <inheritdoc/>
    public string Name => row.Name;

    /// <inheritdoc/>
    public virtual PolicyFeatures Needs => PolicyFeatures.Branches;

    /// <inheritdoc/>
    public virtual bool NeedsReward => true;

    /// <summary>What all searches have in common.</summary>
    protected SearchOptions Options { get; } = options ?? new SearchOptions();

    /// <inheritdoc/>
    public virtual async Task<Choice> SolveAsync(SolveSession session)
    {
        var search = new StepSearch(session, Options.Step);
        await SearchAsync(search).ConfigureAwait(false);
        return Ending.Of(search, Options.ByVote);
    }

    /// <summary>Searches until nothing is open any more, or nothing can be drawn.</summary>
    private protected abstract Task SearchAsync(StepSearch search);
}
