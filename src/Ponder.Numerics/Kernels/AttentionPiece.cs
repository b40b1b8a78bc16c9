using System.Runtime.Intrinsics.X86;

namespace Ponder.Numerics.Kernels;

/// <summary>
/// The queries of a piece for the group of query heads that share one KV head: scores of a chunk as one matrix product, weights, sums of values as
/// another product, chunk after chunk. A row is a head of a token; rows go token by token, within a token through the group's heads.
/// </summary>
internal readonly unsafe struct AttentionPiece(
    AttentionPlan plan, AttentionPlan.Piece piece, AttentionShape shape, int kvHead, nint layerOffset, float* q, float* output, float* scratch)
    : IVectorKernel
{
    private const int Chunk = AttentionPlan.Chunk, Page = Attention.PageTokens;

    // Positions decoded at a time: 64 of head size 64 are 16 KB, a third of a first-level cache.
    private const int Panel = 64;

    // With more rows a panel's products take longer than the way to memory.
    private const int PrefetchRows = 32;

    private readonly float* _q = q;
    private readonly float* _output = output;
    private readonly float* _scratch = scratch;

    /// <summary>Bytes of scratch memory for some queries.</summary>
    public static long ScratchBytes(in AttentionShape shape, int queries)
    {
        long rows = (long)queries * shape.Group, wide = (shape.HeadSize + 15) / 16 * 16;
        return (Panel * wide + rows * (3 * wide + Chunk + 4)) * sizeof(float);
    }

    public void Vector<TLanes, TVec>() where TLanes : struct, ILanes<TVec> where TVec : struct
    {
        int wide = (shape.HeadSize + 15) / 16 * 16, rows = piece.Queries * shape.Group;
        float* panel = _scratch, queries = panel + (nint)Panel * wide, scores = queries + (nint)rows * wide;
        float* sums = scores + (nint)rows * Chunk, part = sums + (nint)rows * wide;
        float* tops = part + (nint)rows * wide, totals = tops + rows, partTops = totals + rows, partTotals = partTops + rows;
        Gather<TLanes, TVec>(queries, wide);
        for (int chunk = piece.FirstChunk; chunk < piece.EndChunk; chunk++)
        {
            bool isFirst = chunk == piece.FirstChunk;
            var (from, to) = Positions(chunk);
            Scores<TLanes, TVec>(from, to, panel, queries, wide, scores + from % Chunk);
            Weigh<TLanes, TVec>(chunk, from, to, scores, isFirst ? tops : partTops, isFirst ? totals : partTotals);
            Values<TLanes, TVec>(from, to, panel, wide, scores + from % Chunk, isFirst ? sums : part);
            for (int row = 0; row < rows && !isFirst; row++)
            {
                AttentionMerge.Fold<TLanes, TVec>(
                    sums + (nint)row * wide, ref tops[row], ref totals[row], part + (nint)row * wide, partTops[row], partTotals[row], wide);
            }
        }
        Finish<TLanes, TVec>(sums, wide, tops, totals);
    }

    public void Scalar() => throw new NotSupportedException("The scalar reference is AttentionReference.");

    /// <summary>The positions of a chunk that some query of the piece sees, from the beginning of a page.</summary>
    private (int From, int To) Positions(int chunk)
    {
        var queries = plan.Queries.Slice(piece.FirstQuery, piece.Queries);
        int from = Math.Max(chunk * Chunk, queries[0].Begin), to = Math.Min((chunk + 1) * Chunk, queries[^1].End);
        return (from / Page * Page, to);
    }

    /// <summary>The scaled queries to [rows, wide].</summary>
    private void Gather<TLanes, TVec>(float* target, int wide) where TLanes : struct, ILanes<TVec> where TVec : struct
    {
        int size = shape.HeadSize, group = shape.Group;
        var scales = TLanes.Create(shape.Scale);
        foreach (var query in plan.Queries.Slice(piece.FirstQuery, piece.Queries))
        {
            float* head = _q + ((nint)query.Row * shape.Heads + kvHead * group) * size;
            for (int i = 0; i < group; i++, head += size, target += wide)
            {
                int c = 0;
                for (; c + TLanes.Count <= size; c += TLanes.Count)
                    TLanes.Store(TLanes.Multiply(TLanes.Load(head + c), scales), target + c);
                for (; c < size; c++)
                    target[c] = head[c] * shape.Scale;
            }
        }
    }

    /// <summary>Scores of all rows with the positions [from, to), in whole pages: what lies past the last key is undefined.</summary>
    private void Scores<TLanes, TVec>(int from, int to, float* panel, float* queries, int wide, float* scores)
        where TLanes : struct, ILanes<TVec>
        where TVec : struct
    {
        int rows = piece.Queries * shape.Group;
        for (int i = from; i < to; i += Panel)
        {
            int pages = Math.Min(Panel / Page, (to - i + Page - 1) / Page);
            for (int page = 0; page < pages; page++)
            {
                if (rows <= PrefetchRows)
                {
                    int next = i + Panel + page * Page;
                    Prefetch(Head(i / Page + page) + shape.KvHead.ValuesAt);
                    if (next < to)
                        Prefetch(Head(next / Page));
                }
                KvDecoder.Keys<TLanes, TVec>(shape.KvHead, Head(i / Page + page), panel + page * Page, Panel);
            }
            BroadcastTile.Multiply<TLanes, TVec>(queries, wide, rows, panel, Panel, shape.HeadSize, pages * Page, scores + (i - from), Chunk, add: false);
        }
    }

    /// <summary>Weighted sums of the values at the positions [from, to).</summary>
    private void Values<TLanes, TVec>(int from, int to, float* panel, int wide, float* weights, float* sums)
        where TLanes : struct, ILanes<TVec>
        where TVec : struct
    {
        int rows = piece.Queries * shape.Group;
        for (int i = from; i < to; i += Panel)
        {
            int count = Math.Min(Panel, to - i);
            for (int done = 0; done < count; done += Page)
                KvDecoder.Values<TLanes, TVec>(shape.KvHead, Head((i + done) / Page), Math.Min(Page, count - done), panel + (nint)done * wide, wide);
            BroadcastTile.Multiply<TLanes, TVec>(weights + (i - from), Chunk, rows, panel, wide, count, wide, sums, wide, add: i > from);
        }
    }

    /// <summary>The scores of a chunk to weights, 0 for the positions that a query does not see; their largest score and their sum.</summary>
    private void Weigh<TLanes, TVec>(int chunk, int from, int to, float* scores, float* tops, float* totals)
        where TLanes : struct, ILanes<TVec>
        where TVec : struct
    {
        int start = chunk * Chunk, row = 0;
        int first = from - start, last = (to - start + Page - 1) / Page * Page;
        foreach (var query in plan.Queries.Slice(piece.FirstQuery, piece.Queries))
        {
            int low = Math.Max(query.Begin - start, 0), high = Math.Min(query.End - start, Chunk);
            for (int i = 0; i < shape.Group; i++, row++, scores += Chunk)
            {
                if (low >= high)
                {
                    (tops[row], totals[row]) = (float.NegativeInfinity, 0);
                    new Span<float>(scores + first, last - first).Clear();
                    continue;
                }
                // Whole vectors; those of the ends hold lanes outside [low, high).
                int begin = low / Page * Page, end = (high + Page - 1) / Page * Page;
                new Span<float>(scores + first, begin - first).Clear();
                new Span<float>(scores + end, last - end).Clear();
                tops[row] = Largest<TLanes, TVec>(scores, begin, end, low, high);
                totals[row] = Exponentials<TLanes, TVec>(scores, begin, end, tops[row], low, high);
            }
        }
    }

    private float Largest<TLanes, TVec>(float* scores, int begin, int end, int low, int high) where TLanes : struct, ILanes<TVec> where TVec : struct
    {
        var nothing = TLanes.Create(float.NegativeInfinity);
        var top = nothing;
        for (int i = begin; i < end; i += TLanes.Count)
        {
            var score = TLanes.Load(scores + i);
            if (shape.Softcap > 0)
            {
                var tanh = Exponential.Tanh<TLanes, TVec>(TLanes.Multiply(score, TLanes.Create(1 / shape.Softcap)));
                score = TLanes.Multiply(TLanes.Create(shape.Softcap), tanh);
                TLanes.Store(score, scores + i);
            }
            if (i < low || i + TLanes.Count > high)
                score = TLanes.Select(Visible(i, low, high), score, nothing);
            top = TLanes.MaxNative(top, score);
        }
        return TLanes.MaxOf(top);
    }

    private static float Exponentials<TLanes, TVec>(float* scores, int begin, int end, float top, int low, int high)
        where TLanes : struct, ILanes<TVec>
        where TVec : struct
    {
        var tops = TLanes.Create(top);
        var total = TLanes.Zero;
        for (int i = begin; i < end; i += TLanes.Count)
        {
            var weight = Exponential.Exp<TLanes, TVec>(TLanes.Subtract(TLanes.Load(scores + i), tops));
            if (i < low || i + TLanes.Count > high)
                weight = TLanes.Keep(weight, Visible(i, low, high));
            TLanes.Store(weight, scores + i);
            total = TLanes.Add(total, weight);
        }
        return TLanes.Sum(total);
    }

    /// <summary>Bit j is set where position i + j is in [low, high).</summary>
    private static uint Visible(int i, int low, int high)
    {
        uint below = high - i >= 32 ? uint.MaxValue : high <= i ? 0 : (1u << (high - i)) - 1;
        uint before = low - i >= 32 ? uint.MaxValue : low <= i ? 0 : (1u << (low - i)) - 1;
        return below & ~before;
    }

    /// <summary>Outputs of the queries that are done, partial results of the others.</summary>
    private void Finish<TLanes, TVec>(float* sums, int wide, float* tops, float* totals) where TLanes : struct, ILanes<TVec> where TVec : struct
    {
        int size = shape.HeadSize, group = shape.Group, partial = AttentionPlan.PartialSize(wide), row = 0;
        foreach (var query in plan.Queries.Slice(piece.FirstQuery, piece.Queries))
        {
            for (int i = 0; i < group; i++, row++, sums += wide)
            {
                int head = kvHead * group + i;
                if (query.FirstChunk >= piece.FirstChunk && query.EndChunk <= piece.EndChunk)
                {
                    AttentionMerge.Write<TLanes, TVec>(sums, totals[row], size, _output + ((nint)query.Row * shape.Heads + head) * size);
                }
                else if (query.FirstChunk <= piece.FirstChunk && piece.FirstChunk < query.EndChunk)
                {
                    float* target = plan.Partials + ((nint)(query.Slot + piece.FirstChunk - query.FirstChunk) * shape.Heads + head) * partial;
                    new ReadOnlySpan<float>(sums, wide).CopyTo(new Span<float>(target, wide));
                    (target[wide], target[wide + 1]) = (tops[row], totals[row]);
                }
            }
        }
    }

    /// <summary>
    /// Asks for the keys or the values of a page. The processor's own prefetching stops at the end of each: without this, reading from memory took
    /// twice the time.
    /// </summary>
    private void Prefetch(byte* numbers)
    {
        if (!Sse.IsSupported)
            return;
        for (int i = 0; i < shape.KvHead.ValuesAt; i += 64)
            Sse.Prefetch0(numbers + i);
    }

    /// <summary>The KV head's part of a page.</summary>
    private byte* Head(int page) => ((byte**)piece.Pages)[page] + layerOffset + (nint)kvHead * shape.KvHead.Bytes;
}
