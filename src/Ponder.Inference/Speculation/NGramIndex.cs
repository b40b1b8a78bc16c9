using System.Numerics;

namespace Ponder.Inference.Speculation;

/// <summary>
/// Finds where the newest tokens of a text stood before, to copy what followed them: prompt lookup, and CopySpec (arXiv 2502.08923). n-grams are
/// chained by their hash, newest first, and compared token by token; a step costs constant time, and no memory but for the text's growth.
/// </summary>
internal sealed class NGramIndex
{
    private const int MaxCandidates = 16;                       // of a chain, so that a text of one repeated n-gram does not cost its square
    private const int LongestMatch = 32;                        // beyond this the newest of the long matches serves as well

    private readonly int _n;
    private int[] _tokens;
    private int[] _earlier;                                     // by n-gram: the one before it in its chain, or -1
    private int[] _newest;                                      // by hash: the newest n-gram of a chain, or -1

    /// <summary>An empty text.</summary>
    /// <param name="minMatch">Tokens that must have stood before, at least 1.</param>
    /// <param name="capacity">Tokens to make room for.</param>
    public NGramIndex(int minMatch, int capacity = 256)
    {
        _n = minMatch;
        int size = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(16, capacity));
        _tokens = new int[size];
        _earlier = new int[size];
        _newest = new int[size];
        Array.Fill(_newest, -1);
    }

    /// <summary>Tokens of the text.</summary>
    public int Count { get; private set; }

    /// <summary>Adds the next token.</summary>
    public void Add(int token)
    {
        if (Count == _tokens.Length)
            Grow();
        _tokens[Count] = token;
        // Only now that something follows it is the n-gram before the token of use: the newest n-gram never finds itself.
        if (Count >= _n)
            Link(Count);
        Count++;
    }

    /// <summary>Copies what followed the newest tokens where they stood before: the longest match, and of equals the newest.</summary>
    /// <param name="drafts">Receives the tokens; a copy that reaches the end of the text goes on with its own beginning.</param>
    /// <returns>How many: all, or none if nothing matches.</returns>
    public int Propose(Span<int> drafts)
    {
        if (Count < _n || drafts.IsEmpty)
            return 0;
        int best = -1, longest = _n - 1;
        int candidate = _newest[ChainOf(Count)];
        for (int tried = 0; candidate >= 0 && tried < MaxCandidates && longest < LongestMatch; tried++)
        {
            int length = MatchBefore(candidate);
            if (length > longest)
                (best, longest) = (candidate, length);
            candidate = _earlier[candidate];
        }
        if (best < 0)
            return 0;
        for (int i = 0; i < drafts.Length; i++)
            drafts[i] = best + i < Count ? _tokens[best + i] : drafts[best + i - Count];
        return drafts.Length;
    }

    /// <summary>How many tokens before a position equal those at the end, to <see cref="LongestMatch"/>.</summary>
    private int MatchBefore(int position)
    {
        int length = 0;
        while (length < LongestMatch && length < position && _tokens[position - 1 - length] == _tokens[Count - 1 - length])
            length++;
        return length;
    }

    /// <summary>Puts the n-gram before a position at the head of its chain.</summary>
    private void Link(int position)
    {
        int chain = ChainOf(position);
        _earlier[position] = _newest[chain];
        _newest[chain] = position;
    }

    private int ChainOf(int position)
    {
        uint hash = 0;
        foreach (int token in _tokens.AsSpan(position - _n, _n))
            hash = (BitOperations.RotateLeft(hash, 5) ^ (uint)token) * 0x9E3779B1;      // 2^32 / the golden ratio: spreads the low bits upwards
        return (int)(hash >> (32 - BitOperations.Log2((uint)_newest.Length)));
    }

    private void Grow()
    {
        Array.Resize(ref _tokens, 2 * Count);
        _earlier = new int[2 * Count];
        _newest = new int[2 * Count];
        Array.Fill(_newest, -1);
        for (int position = _n; position < Count; position++)
            Link(position);
    }
}
