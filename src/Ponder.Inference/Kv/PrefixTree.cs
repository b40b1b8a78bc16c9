using Ponder.Numerics.Kernels;

namespace Ponder.Inference.Kv;

/// <summary>
/// What was computed before, kept for sequences that begin alike. A node stands for the tokens of one full page after those of its parent; it has the
/// page of every group of layers, or of some. Pages that no live sequence holds are idle and are given up when memory is short, the one that was
/// let go first before the others.
/// </summary>
/// <remarks>
/// Nodes lie in arrays and are found by a hash of parent and tokens, which are then compared. A node lives as long as something refers to it: a
/// page, a child, or the sequence that published it last. A sequence that holds a page of layers without a window holds those of all ancestors too and
/// lets go of the last first; so the page that has been idle for the longest never has descendants.
/// </remarks>
internal sealed class PrefixTree
{
    /// <summary>No node, no page, no entry.</summary>
    public const int None = -1;

    private readonly KvPages[] _groups;
    private Node[] _nodes = new Node[64];
    private Entry[] _entries;                                   // [nodes, groups]
    private int[] _tokens = new int[64 * Attention.PageTokens]; // [nodes, PageTokens]
    private int[] _buckets = new int[64];                       // the first node of each hash
    private int _count;
    private int _freeNode = None;
    private int _oldest = None, _newest = None;                 // idle entries

    private struct Node
    {
        public int Parent;
        public int Next;                                        // of the same bucket, or the next free node
        public int References;
        public int Hash;
    }

    private struct Entry
    {
        public int Page;
        public int Older, Newer;                                // while the page is idle
    }

    public PrefixTree(KvPages[] groups)
    {
        _groups = groups;
        _entries = new Entry[_nodes.Length * groups.Length];
        Array.Fill(_buckets, None);
        Create();                                               // the roots, of which nothing is ever found or let go
        Create();
    }

    /// <summary>Idle pages.</summary>
    public int Idle { get; private set; }

    /// <summary>Nodes.</summary>
    public int Nodes { get; private set; } = -2;                // not counting the roots

    /// <summary>Idle pages that were given up because memory was short.</summary>
    public long Evictions { get; private set; }

    /// <summary>The node before the first token: sequences that rotate differently share nothing.</summary>
    public static int Root(bool longRope) => longRope ? 1 : 0;

    /// <summary>The node before a node.</summary>
    public int ParentOf(int node) => _nodes[node].Parent;

    /// <summary>A node's page of a group, or <see cref="None"/>.</summary>
    public int PageOf(int node, int group) => _entries[node * _groups.Length + group].Page;

    /// <summary>The child with exactly these tokens, or <see cref="None"/>.</summary>
    public int Find(int parent, ReadOnlySpan<int> tokens)
    {
        int hash = HashOf(parent, tokens);
        for (int node = _buckets[hash & (_buckets.Length - 1)]; node != None; node = _nodes[node].Next)
        {
            if (_nodes[node].Hash == hash && _nodes[node].Parent == parent && TokensOf(node).SequenceEqual(tokens))
                return node;
        }
        return None;
    }

    /// <summary>A new child, which lives as long as something refers to it: at first the caller.</summary>
    public int Add(int parent, ReadOnlySpan<int> tokens)
    {
        int node = Create(), hash = HashOf(parent, tokens);
        tokens.CopyTo(TokensOf(node));
        ref int bucket = ref _buckets[hash & (_buckets.Length - 1)];
        _nodes[node] = new Node { Parent = parent, Hash = hash, Next = bucket, References = 1 };
        bucket = node;
        _nodes[parent].References++;
        return node;
    }

    /// <summary>Keeps a node.</summary>
    public void Pin(int node) => _nodes[node].References++;

    /// <summary>One reference less; without any the node goes, and then perhaps its parent.</summary>
    public void Unpin(int node)
    {
        while (--_nodes[node].References == 0)
        {
            int parent = _nodes[node].Parent;
            Unhash(node);
            Nodes--;
            _nodes[node].Next = _freeNode;
            _freeNode = node;
            node = parent;
        }
    }

    /// <summary>Gives a node the page of a group that it lacks.</summary>
    public void SetPage(int node, int group, int page)
    {
        _entries[node * _groups.Length + group].Page = page;
        _groups[group].NodeOf(page) = node;
        _nodes[node].References++;
    }

    /// <summary>Takes a page that is not idle out of the tree.</summary>
    public void Forget(int group, int page)
    {
        int node = _groups[group].NodeOf(page);
        _groups[group].NodeOf(page) = None;
        _entries[node * _groups.Length + group].Page = None;
        Unpin(node);
    }

    /// <summary>No live sequence holds the page any more.</summary>
    public void LetGo(int node, int group)
    {
        int index = node * _groups.Length + group;
        (_entries[index].Older, _entries[index].Newer) = (_newest, None);
        if (_newest == None)
            _oldest = index;
        else
            _entries[_newest].Newer = index;
        _newest = index;
        Idle++;
    }

    /// <summary>A live sequence holds the page again.</summary>
    public void TakeUp(int node, int group)
    {
        var (older, newer) = (_entries[node * _groups.Length + group].Older, _entries[node * _groups.Length + group].Newer);
        if (older == None)
            _oldest = newer;
        else
            _entries[older].Newer = newer;
        if (newer == None)
            _newest = older;
        else
            _entries[newer].Older = older;
        Idle--;
    }

    /// <summary>Gives up the page that has been idle for the longest. With a page of layers that see everything go the node's other pages.</summary>
    /// <returns>False if no page is idle.</returns>
    public bool Evict()
    {
        if (_oldest == None)
            return false;
        int node = _oldest / _groups.Length, group = _oldest % _groups.Length;
        Pin(node);
        Free(node, group);
        for (int other = 0; other < _groups.Length && _groups[group].Group.Window == 0; other++)
        {
            int page = PageOf(node, other);
            if (page != None && _groups[other].HoldersOf(page) == 0)
                Free(node, other);
        }
        Unpin(node);
        return true;
    }

    private void Free(int node, int group)
    {
        int page = PageOf(node, group);
        TakeUp(node, group);
        Forget(group, page);
        _groups[group].Free(page);
        Evictions++;
    }

    private int Create()
    {
        int node = _freeNode;
        if (node != None)
        {
            _freeNode = _nodes[node].Next;
        }
        else
        {
            if (_count == _nodes.Length)
                Grow();
            node = _count++;
        }
        _entries.AsSpan(node * _groups.Length, _groups.Length).Fill(new Entry { Page = None, Older = None, Newer = None });
        _nodes[node] = new Node { Parent = None, Next = None, References = 1 };
        Nodes++;
        return node;
    }

    private void Grow()
    {
        Array.Resize(ref _nodes, 2 * _count);
        Array.Resize(ref _entries, _nodes.Length * _groups.Length);
        Array.Resize(ref _tokens, _nodes.Length * Attention.PageTokens);
        _buckets = new int[_nodes.Length];
        Array.Fill(_buckets, None);
        for (int node = 2; node < _count; node++)               // all in use, else there were a free one; the roots have no bucket
        {
            ref int bucket = ref _buckets[_nodes[node].Hash & (_buckets.Length - 1)];
            _nodes[node].Next = bucket;
            bucket = node;
        }
    }

    private void Unhash(int node)
    {
        ref int link = ref _buckets[_nodes[node].Hash & (_buckets.Length - 1)];
        while (link != node)
            link = ref _nodes[link].Next;
        link = _nodes[node].Next;
    }

    private Span<int> TokensOf(int node) => _tokens.AsSpan(node * Attention.PageTokens, Attention.PageTokens);

    // Seeded anew in every process: nobody can send prompts that all fall into one bucket. What is found does not depend on it.
    private static int HashOf(int parent, ReadOnlySpan<int> tokens)
    {
        var hash = new HashCode();
        hash.Add(parent);
        foreach (int token in tokens)
            hash.Add(token);
        return hash.ToHashCode();
    }
}
