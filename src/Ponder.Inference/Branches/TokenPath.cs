namespace Ponder.Inference.Branches;

/// <summary>
/// The tokens of a branch: its own after those that it shares with the branch it was forked from. A path that others stand on is never changed:
/// whoever goes on from it starts a piece of its own, so that a fork copies nothing.
/// </summary>
internal sealed class TokenPath
{
    private readonly TokenPath? _parent;
    private readonly int _start;                                // tokens of the parent that belong to this path
    private readonly List<TokenTrace> _own = [];
    private bool _isShared;

    public TokenPath()
    {
    }

    private TokenPath(TokenPath parent, int start)
    {
        _parent = parent;
        _start = start;
        parent._isShared = true;
    }

    /// <summary>Tokens in all.</summary>
    public int Count => _start + _own.Count;

    public TokenTrace this[int index]
    {
        get
        {
            var path = this;
            while (index < path._start)
                path = path._parent!;
            return path._own[index - path._start];
        }
    }

    public void Add(TokenTrace token)
    {
        if (_isShared)
            throw new InvalidOperationException("Others stand on this path.");
        _own.Add(token);
    }

    /// <summary>Makes room for more tokens, so that adding them allocates nothing.</summary>
    public void Reserve(int tokens)
    {
        if (!_isShared)
            _own.EnsureCapacity(_own.Count + tokens);
    }

    /// <summary>Gives back the room that was made for tokens that never came.</summary>
    public void Trim()
    {
        _own.TrimExcess();
        _parent?._own.TrimExcess();                             // a branch that was forked stands on what it drew itself
    }

    /// <summary>A path that goes on after the first <paramref name="count"/> tokens of this one.</summary>
    public TokenPath GoOnAfter(int count)
    {
        var path = this;
        while (count <= path._start && path._parent is not null)
            path = path._parent;
        return new TokenPath(path, count);
    }

    /// <summary>Copies the ids from a position on.</summary>
    /// <param name="from">First position.</param>
    /// <param name="ids">Receives the ids; its length says how many.</param>
    public void CopyIds(int from, Span<int> ids)
    {
        int end = from + ids.Length;
        for (var path = this; end > from; path = path._parent!)
        {
            if (end <= path._start)
                continue;
            for (int i = end - 1; i >= Math.Max(from, path._start); i--)
                ids[i - from] = path._own[i - path._start].Id;
            end = Math.Max(from, path._start);
        }
    }

    /// <summary>The tokens from a position on.</summary>
    public TokenTrace[] ToArray(int from = 0)
    {
        var tokens = new TokenTrace[Count - from];
        int end = Count;
        for (var path = this; end > from; path = path._parent!)
        {
            int first = Math.Max(from, path._start);
            if (end > first)
                path._own.GetRange(first - path._start, end - first).CopyTo(tokens, first - from);
            end = Math.Min(end, first);
        }
        return tokens;
    }
}
