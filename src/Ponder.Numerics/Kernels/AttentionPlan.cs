using System.Runtime.InteropServices;
using Ponder.Numerics.Memory;

namespace Ponder.Numerics.Kernels;

/// <summary>
/// The pieces that the attention of a batch is cut into, and memory for their partial results. Kept from layer to layer and step to step, so that
/// nothing is allocated on the way; one batch at a time.
/// </summary>
/// <remarks>
/// How a batch is cut decides who computes what, never the result: every query goes through the same chunks of <see cref="Chunk"/> positions, and
/// the results of its chunks are folded in order, whether one piece does them all or each is done by another thread.
/// </remarks>
public sealed class AttentionPlan : IDisposable
{
    /// <summary>Positions that are weighed together: they start at multiples of this, for every query, in any company.</summary>
    internal const int Chunk = 256;

    private const int ChunkPages = Chunk / Attention.PageTokens;

    // Rows (tokens x heads of a group) of a piece: enough to spend the decoding of a page on, few enough for scores and sums to stay near.
    private const int PieceRows = 64;

    private readonly List<Query> _queries = [];
    private readonly List<Piece> _pieces = [];
    private readonly List<int> _split = [];
    private readonly List<(int Span, int FirstQuery)> _splitSpans = [];
    private NativeBuffer<float> _partials = new(0);

    /// <summary>A token whose heads ask.</summary>
    /// <param name="Row">Its row in the batch.</param>
    /// <param name="Begin">First position it sees.</param>
    /// <param name="End">Past the last one.</param>
    /// <param name="Slot">Where the partial result of its first chunk goes; -1 if one piece does all its chunks.</param>
    internal readonly record struct Query(int Row, int Begin, int End, int Slot)
    {
        public int FirstChunk => Begin / Chunk;

        public int EndChunk => (End + Chunk - 1) / Chunk;
    }

    /// <summary>Some consecutive queries and the chunks that they go through together, from pages that are the same for all.</summary>
    internal readonly record struct Piece(int FirstQuery, int Queries, nint Pages, int FirstChunk, int EndChunk);

    internal ReadOnlySpan<Query> Queries => CollectionsMarshal.AsSpan(_queries);

    internal ReadOnlySpan<Piece> Pieces => CollectionsMarshal.AsSpan(_pieces);

    /// <summary>The queries whose chunks lie in several pieces.</summary>
    internal ReadOnlySpan<int> Split => CollectionsMarshal.AsSpan(_split);

    /// <summary>[slots, heads, <see cref="PartialSize"/>].</summary>
    internal unsafe float* Partials => _partials.Pointer;

    /// <summary>Float32 values of a head's partial result: the sums of the values, then the largest score and the sum of the weights.</summary>
    internal static int PartialSize(int paddedHeadSize) => paddedHeadSize + 16;

    /// <inheritdoc/>
    public void Dispose() => _partials.Dispose();

    /// <summary>Cuts a batch.</summary>
    internal void Cut(in AttentionShape shape, ReadOnlySpan<AttentionSpan> spans, int threads)
    {
        _queries.Clear();
        _pieces.Clear();
        _split.Clear();
        _splitSpans.Clear();
        int most = Math.Max(1, PieceRows / shape.Group), slots = 0, endChunk = 0;
        if (most > 4)
            most = most / 4 * 4;
        for (int i = 0; i < spans.Length; i++)
        {
            var span = spans[i];
            int first = _queries.Count, pieces = (span.Rows + most - 1) / most;
            int last = span.FirstPosition + span.Rows - 1;
            int chunks = (shape.End(last, span.Length) + Chunk - 1) / Chunk - shape.Begin(span.FirstPosition) / Chunk;
            // A long prompt has pieces enough for all threads; a few tokens that look far back have not.
            bool isSplit = chunks > 1 && (pieces == 1 || pieces * shape.KvHeads < 4 * threads);
            for (int j = 0; j < span.Rows; j++)
            {
                int position = span.FirstPosition + j;
                var query = new Query(span.FirstRow + j, shape.Begin(position), shape.End(position, span.Length), -1);
                if (isSplit && query.EndChunk - query.FirstChunk > 1)
                {
                    _split.Add(_queries.Count);
                    query = query with { Slot = slots };
                    slots += query.EndChunk - query.FirstChunk;
                }
                _queries.Add(query);
                endChunk = isSplit ? Math.Max(endChunk, query.EndChunk) : endChunk;
            }
            if (isSplit)
                _splitSpans.Add((i, first));
            else
                AddWhole(first, span, most);
        }
        for (int chunk = 0; chunk < endChunk; chunk++)
            AddChunk(spans, chunk, most);
        Reserve((long)slots * shape.Heads * PartialSize((shape.HeadSize + 15) / 16 * 16));
    }

    /// <summary>Pieces that do all chunks of their queries; those with the most work first.</summary>
    private void AddWhole(int first, in AttentionSpan span, int most)
    {
        for (int begin = (span.Rows - 1) / most * most; begin >= 0; begin -= most)
        {
            int count = Math.Min(most, span.Rows - begin);
            _pieces.Add(new Piece(first + begin, count, span.Pages, _queries[first + begin].FirstChunk, _queries[first + begin + count - 1].EndChunk));
        }
    }

    /// <summary>
    /// Pieces of one chunk. Neighbours in the batch that see all of it in the same pages (branches after a common prefix) are stacked: they read
    /// the pages once.
    /// </summary>
    private void AddChunk(ReadOnlySpan<AttentionSpan> spans, int chunk, int most)
    {
        int begin = 0, end = 0;                                 // the queries stacked so far
        nint pages = 0;
        bool isOpen = false;
        foreach (var (index, first) in _splitSpans)
        {
            var span = spans[index];
            int last = first + span.Rows - 1;
            if (chunk < _queries[first].FirstChunk || chunk >= _queries[last].EndChunk)
                continue;
            bool isWhole = _queries[last].Begin <= chunk * Chunk && _queries[first].End >= (chunk + 1) * Chunk;
            if (isWhole && isOpen && end == first && SharesPages(pages, span.Pages, chunk))
            {
                end = last + 1;
                continue;
            }
            Add(begin, end, pages, chunk, most);
            (begin, end, pages, isOpen) = (first, last + 1, span.Pages, isWhole);
        }
        Add(begin, end, pages, chunk, most);
    }

    private void Add(int begin, int end, nint pages, int chunk, int most)
    {
        for (; begin < end; begin += most)
        {
            int count = Math.Min(most, end - begin);
            if (_queries[begin].Begin < (chunk + 1) * Chunk && _queries[begin + count - 1].End > chunk * Chunk)
                _pieces.Add(new Piece(begin, count, pages, chunk, chunk + 1));
        }
    }

    private static unsafe bool SharesPages(nint a, nint b, int chunk) =>
        new ReadOnlySpan<nint>((nint*)a + chunk * ChunkPages, ChunkPages).SequenceEqual(new ReadOnlySpan<nint>((nint*)b + chunk * ChunkPages, ChunkPages));

    private void Reserve(long floats)
    {
        if (_partials.Length >= floats)
            return;
        _partials.Dispose();
        _partials = new NativeBuffer<float>(floats);
    }
}
