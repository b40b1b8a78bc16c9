using Ponder.Reasoning.Sessions;

namespace Ponder.Reasoning.Search;

/// <summary>
/// What a search keeps between its steps, in tokens: the measure of KV memory in the papers on tree search (Hooper et al., arXiv 2502.13575). The ledger's KV memory
/// counts whole pages over all of the engine's steps, those that the next thoughts are being drawn into as well.
/// </summary>
public static class LiveTree
{
    /// <summary>Unique tokens behind the prompt of the thoughts that go on, and of those above them, averaged over the depths of the tree; 0 where nothing was forked from a thought.</summary>
    /// <param name="thoughts">All thoughts of a search.</param>
    public static double AverageTokens(IReadOnlyList<Thought> thoughts)
    {
        ArgumentNullException.ThrowIfNull(thoughts);
        var levels = thoughts.Select(thought => thought.Parent).OfType<Thought>().Where(parent => parent.Depth > 0).Distinct().GroupBy(parent => parent.Depth);
        return levels.Select(TokensOf).DefaultIfEmpty(0).Average();
    }

    private static double TokensOf(IEnumerable<Thought> leaves)
    {
        var live = new HashSet<Thought>();
        foreach (var leaf in leaves)
        {
            for (var thought = leaf; thought is { Parent: not null } && live.Add(thought); thought = thought.Parent)
            {
            }
        }
        return live.Sum(thought => thought.OwnTokens.Count);
    }
}
