namespace Ponder.Inference.Speculation;

/// <summary>
/// Drafts what may follow the newest token of one branch: a copy from its text or, where there is none, what a smaller model draws. Copies run beside
/// the others' sampling and allocate for the text's growth alone; the smaller model runs in its own engine while the branch waits.
/// </summary>
/// <param name="options">Validated options.</param>
/// <param name="capacity">Tokens that the text will likely have.</param>
/// <param name="model">The smaller model, if there is one.</param>
/// <param name="wake">Called, on any thread, once <see cref="Speculator.IsWaiting"/> is over.</param>
internal sealed class Speculator(SpeculationOptions options, int capacity, DraftModel? model, Action wake)
{
    private readonly NGramIndex? _index = options.Copy ? new(options.MinMatch, capacity) : null;
    private readonly int[] _rows = new int[1 + options.MaxDraft];
    private DraftLength _copyLength = new(options.MaxDraft);
    private DraftLength _modelLength = new(options.MaxDraft);
    private volatile bool _isWaiting;
    private Exception? _error;

    /// <summary>Tokens drafted to follow the newest one.</summary>
    public int Drafts { get; private set; }

    /// <summary>They are copies.</summary>
    public bool IsCopied { get; private set; }

    /// <summary>The newest token with the drafts behind it: what a step computes.</summary>
    public ReadOnlySpan<int> Rows => _rows.AsSpan(0, 1 + Drafts);

    /// <summary>The smaller model has not answered yet.</summary>
    public bool IsWaiting => _isWaiting;

    /// <summary>Takes note of what became of drafts.</summary>
    public void Record(int proposed, int accepted)
    {
        if (IsCopied)
            _copyLength.Record(proposed, accepted);
        else
            _modelLength.Record(proposed, accepted);
    }

    /// <summary>Copies what may follow.</summary>
    /// <param name="tokens">The whole text: what the last call was given, and more.</param>
    public void Copy(ReadOnlySpan<int> tokens)
    {
        _rows[0] = tokens[^1];
        Drafts = 0;
        if (_index is null)
            return;
        foreach (int token in tokens[_index.Count..])
            _index.Add(token);
        Drafts = _index.Propose(_rows.AsSpan(1, _copyLength.Next));
        IsCopied = Drafts > 0;
        if (!IsCopied)
            _copyLength.Skip();
    }

    /// <summary>Asks the smaller model where nothing was copied.</summary>
    /// <param name="tokens">The text that <see cref="Copy"/> was given.</param>
    /// <param name="most">The most drafts that can be of use.</param>
    /// <exception cref="Exception">What the smaller model's engine threw for the drafts before.</exception>
    public void AskModel(List<int> tokens, int most)
    {
        if (_error is not null)
            throw _error;
        if (model is null || Drafts > 0)
            return;
        int count = Math.Min(_modelLength.Next, most);
        if (count <= 0)
        {
            _modelLength.Skip();
            return;
        }
        _isWaiting = true;
        _ = WaitAsync(model.DraftAsync([.. tokens], count));
    }

    /// <summary>Frees what the smaller model holds.</summary>
    public void Release() => model?.Release();

    private async Task WaitAsync(Task<IReadOnlyList<int>> drafting)
    {
        try
        {
            var drafts = await drafting.ConfigureAwait(false);
            for (int i = 0; i < drafts.Count; i++)
                _rows[1 + i] = drafts[i];
            Drafts = drafts.Count;
        }
        catch (Exception error)                                 // handed on by the branch's next step
        {
            _error = error;
        }
        _isWaiting = false;
        wake();
    }
}
