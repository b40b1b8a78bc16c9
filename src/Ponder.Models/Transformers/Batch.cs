using System.Runtime.InteropServices;
using Ponder.Numerics.Kernels;

namespace Ponder.Models.Transformers;

/// <summary>Which rows of a sequence's tokens should give outputs.</summary>
public enum OutputRows
{
    /// <summary>None: the tokens only fill the KV pages.</summary>
    None,

    /// <summary>The last token's.</summary>
    Last,

    /// <summary>Every token's.</summary>
    All,
}

/// <summary>Receives the hidden states of a layer.</summary>
/// <param name="layer">0: the embeddings; i: after layer i; the last one is after the final norm.</param>
/// <param name="values">[T, d]; valid during the call.</param>
public delegate void HiddenStateReader(int layer, ReadOnlySpan<float> values);

/// <summary>
/// The tokens of one forward pass: T rows, consecutive tokens of some sequences, ragged. Reusable: <see cref="Clear"/> and fill again.
/// </summary>
public sealed class Batch
{
    private readonly List<int> _tokens = [];
    private readonly List<int> _positions = [];
    private readonly List<bool> _longRope = [];
    private readonly List<int> _outputRows = [];
    private readonly List<List<AttentionSpan>> _spans = [];     // of each group of layers: the same but for the pages

    /// <summary>T: tokens in all.</summary>
    public int Rows => _tokens.Count;

    /// <summary>The rows that give outputs, in order.</summary>
    public ReadOnlySpan<int> OutputRows => CollectionsMarshal.AsSpan(_outputRows);

    /// <summary>Called with every layer's hidden states; null to read none.</summary>
    public HiddenStateReader? HiddenStates { get; set; }

    internal ReadOnlySpan<int> Tokens => CollectionsMarshal.AsSpan(_tokens);

    internal ReadOnlySpan<int> Positions => CollectionsMarshal.AsSpan(_positions);

    internal ReadOnlySpan<bool> LongRope => CollectionsMarshal.AsSpan(_longRope);

    /// <summary>Groups of layers that the sequences have pages for; 0 if there are none.</summary>
    internal int Groups { get; private set; }

    /// <summary>The sequences with their pages of a group of layers.</summary>
    internal ReadOnlySpan<AttentionSpan> Spans(int group) => CollectionsMarshal.AsSpan(_spans[group]);

    /// <summary>Empties the batch.</summary>
    public void Clear()
    {
        _tokens.Clear();
        _positions.Clear();
        _longRope.Clear();
        _outputRows.Clear();
        foreach (var spans in _spans)
            spans.Clear();
        Groups = 0;
        HiddenStates = null;
    }

    /// <summary>Adds consecutive tokens of a sequence. Each sequence at most once.</summary>
    /// <param name="tokens">At least one id.</param>
    /// <param name="firstPosition">The position of the first; positions before it are in the pages already.</param>
    /// <param name="pages">The sequence's pages, enough for these tokens too; written by the forward pass, and to be left alone until it ends.</param>
    /// <param name="longRope">Rotates by LongRoPE's long factors: the same choice for all tokens of a sequence's life.</param>
    /// <param name="outputs">Which tokens give outputs.</param>
    public void Add(ReadOnlySpan<int> tokens, int firstPosition, PageTable pages, bool longRope, OutputRows outputs)
    {
        ArgumentOutOfRangeException.ThrowIfZero(tokens.Length);
        ArgumentOutOfRangeException.ThrowIfNegative(firstPosition);
        if (KvLayout.PagesFor(firstPosition + tokens.Length) > pages.Count)
            throw new ArgumentException($"{pages.Count} pages do not hold {firstPosition + tokens.Length} positions.", nameof(pages));
        if (Groups != 0 && pages.Groups != Groups)
            throw new ArgumentException($"Pages for {pages.Groups} groups of layers do not fit beside others for {Groups}.", nameof(pages));
        Groups = pages.Groups;
        int firstRow = Rows;
        for (int i = 0; i < tokens.Length; i++)
        {
            if (outputs == Transformers.OutputRows.All || (outputs == Transformers.OutputRows.Last && i == tokens.Length - 1))
                _outputRows.Add(firstRow + i);
            _tokens.Add(tokens[i]);
            _positions.Add(firstPosition + i);
            _longRope.Add(longRope);
        }
        while (_spans.Count < Groups)
            _spans.Add([]);
        for (int group = 0; group < Groups; group++)
            _spans[group].Add(new AttentionSpan(firstRow, tokens.Length, firstPosition, firstPosition + tokens.Length, pages.Address(group)));
    }
}
