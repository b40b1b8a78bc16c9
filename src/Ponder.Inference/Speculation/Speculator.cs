namespace Ponder.Inference.Speculation;

/// <summary>Drafts what may follow the newest token of one branch. Runs beside the others' sampling; allocates for the text's growth alone.</summary>
/// <param name="options">Validated options.</param>
/// <param name="capacity">Tokens that the text will likely have.</param>
internal sealed class Speculator(SpeculationOptions options, int capacity)
{
    private readonly NGramIndex _index = new(options.MinMatch, capacity);
    private readonly int[] _rows = new int[1 + options.MaxDraft];
    private DraftLength _length = new(options.MaxDraft);

    /// <summary>Tokens drafted to follow the newest one.</summary>
    public int Drafts { get; private set; }

    /// <summary>The newest token with the drafts behind it: what a step computes.</summary>
    public ReadOnlySpan<int> Rows => _rows.AsSpan(0, 1 + Drafts);

    /// <summary>Takes note of what became of drafts.</summary>
    public void Record(int proposed, int accepted) => _length.Record(proposed, accepted);

    /// <summary>Drafts what may follow.</summary>
    /// <param name="tokens">The whole text: what the last call was given, and more.</param>
    public void Draft(ReadOnlySpan<int> tokens)
    {
        foreach (int token in tokens[_index.Count..])
            _index.Add(token);
        _rows[0] = tokens[^1];
        Drafts = _index.Propose(_rows.AsSpan(1, _length.Next));
        if (Drafts == 0)
            _length.Skip();
    }
}
