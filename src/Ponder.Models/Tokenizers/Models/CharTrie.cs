namespace Ponder.Models.Tokenizers.Models;

/// <summary>A prefix tree of strings with values from 0; node 0 is the root. The edges live in one hash table.</summary>
internal sealed class CharTrie
{
    private readonly MergeTable _edges = new(64);
    private readonly List<int> _values = [-1];

    /// <summary>Characters of the longest string.</summary>
    public int LongestKey { get; private set; }

    /// <summary>Adds a string; of equal strings the first keeps its value.</summary>
    public void Add(ReadOnlySpan<char> key, int value)
    {
        int node = 0;
        foreach (char c in key)
        {
            if (!_edges.TryGet(node, c, out _, out int child))
            {
                child = _values.Count;
                _edges.TryAdd(node, c, 0, child);
                _values.Add(-1);
            }
            node = child;
        }
        if (_values[node] < 0)
            _values[node] = value;
        LongestKey = Math.Max(LongestKey, key.Length);
    }

    /// <summary>Goes from a node along a character; false where no string goes on so.</summary>
    public bool TryStep(ref int node, char c)
    {
        if (!_edges.TryGet(node, c, out _, out int child))
            return false;
        node = child;
        return true;
    }

    /// <summary>The value of the string that ends at a node, or -1.</summary>
    public int ValueAt(int node) => _values[node];
}
