namespace Ponder.Inference.Sampling;

/// <summary>A number for every token of the vocabulary, of which few are not 0.</summary>
internal sealed class TokenCounts
{
    private int[] _counts = [];
    private int[] _ids = [];
    private int _used, _vocabulary;

    /// <summary>The tokens whose number is not 0, in the order they came.</summary>
    public ReadOnlySpan<int> Ids => _ids.AsSpan(0, _used);

    /// <summary>The token's number.</summary>
    public int this[int id] => _counts[id];

    /// <summary>Sets all to 0.</summary>
    public void Clear(int vocabulary)
    {
        foreach (int id in Ids)
            _counts[id] = 0;
        (_used, _vocabulary) = (0, vocabulary);
        if (_counts.Length < vocabulary)
            (_counts, _ids) = (new int[vocabulary], new int[vocabulary]);
    }

    /// <summary>Counts a token; what is not in the vocabulary is passed over.</summary>
    public void Add(int id)
    {
        if ((uint)id < (uint)_vocabulary && _counts[id]++ == 0)
            _ids[_used++] = id;
    }

    /// <summary>Raises a token's number to a value above 0.</summary>
    public void Raise(int id, int value)
    {
        if ((uint)id >= (uint)_vocabulary || _counts[id] >= value)
            return;
        if (_counts[id] == 0)
            _ids[_used++] = id;
        _counts[id] = value;
    }
}
