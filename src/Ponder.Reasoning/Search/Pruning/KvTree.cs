using Ponder.Reasoning.Sessions;

namespace Ponder.Reasoning.Search.Pruning;

/// <summary>
/// What leaves of a tree hold in KV memory: their own tokens, and those of the thoughts above, which stay as long as one leaf below lives. The prompt
/// is not part of it: it stays in any case.
/// </summary>
/// <param name="Leaves">How many leaves; they are the first nodes, the others follow, each behind those below it.</param>
/// <param name="Above">The node above each node; -1 for none. Larger than the node's own index.</param>
/// <param name="Tokens">Tokens that each node holds, not negative.</param>
internal sealed record KvTree(int Leaves, int[] Above, double[] Tokens)
{
    /// <summary>The tree above some thoughts, none of which stands above another.</summary>
    public static KvTree Of(IReadOnlyList<Thought> leaves)
    {
        var nodes = new List<Thought>(leaves);
        var seen = new HashSet<Thought>();
        foreach (var leaf in leaves)
        {
            for (var node = leaf.Parent; node is { Parent: not null } && seen.Add(node); node = node.Parent)
                nodes.Add(node);
        }
        // A thought above others has a lower number than they.
        nodes.Sort(leaves.Count, nodes.Count - leaves.Count, Comparer<Thought>.Create((a, b) => b.Number.CompareTo(a.Number)));
        var index = nodes.Select((node, i) => (node, i)).ToDictionary(pair => pair.node, pair => pair.i);
        return new KvTree(
            leaves.Count,
            [.. nodes.Select(node => index.GetValueOrDefault(node.Parent!, -1))],
            [.. nodes.Select(node => (double)node.GeneratedTokens - node.Parent!.GeneratedTokens)]);
    }
}
