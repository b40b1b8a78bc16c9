using System.Runtime.CompilerServices;
using Ponder.Numerics.Workers;

namespace Ponder.Numerics.Kernels;

/// <summary>
/// Attention over pages of keys and values with an online softmax (Dao et al., arXiv 2205.14135): page by page in order of position, so that a
/// query's result depends on nothing but its own keys, whatever else is computed beside it.
/// </summary>
/// <remarks>
/// A page of one layer holds, for each KV head, <see cref="PageTokens"/> keys of head size, then for each KV head as many values:
/// [2, kvHeads, PageTokens, headSize] float32.
/// </remarks>
public static unsafe class Attention
{
    /// <summary>Positions of a page.</summary>
    public const int PageTokens = 16;

    private const int QueriesPerTask = 16;

    /// <summary>Computes all queries of a batch for one layer.</summary>
    /// <param name="pool">The threads; the work is split by KV heads and by queries.</param>
    /// <param name="width">The vectors to use.</param>
    /// <param name="shape">Heads, scale, masks.</param>
    /// <param name="spans">The sequences of the batch.</param>
    /// <param name="layerOffset">Floats from a page's address to this layer's part of it.</param>
    /// <param name="q">[T, heads, headSize].</param>
    /// <param name="output">Receives [T, heads, headSize].</param>
    public static void Apply(
        WorkerPool pool, VectorWidth width, AttentionShape shape, ReadOnlySpan<AttentionSpan> spans, nint layerOffset, float* q, float* output)
    {
        fixed (AttentionSpan* first = spans)
        {
            int blocks = 0;
            foreach (var span in spans)
                blocks += Blocks(span);
            pool.For(blocks * shape.KvHeads, new Body(pool, VectorDispatch.Fit(width, shape.HeadSize), shape, first, spans.Length, layerOffset, q, output));
        }
    }

    private static int Blocks(in AttentionSpan span) => (span.Rows + QueriesPerTask - 1) / QueriesPerTask;

    private readonly struct Body(
        WorkerPool pool, VectorWidth width, AttentionShape shape, AttentionSpan* spans, int count, nint layerOffset, float* q, float* output)
        : IParallelBody
    {
        private readonly AttentionSpan* _spans = spans;
        private readonly float* _q = q;
        private readonly float* _output = output;

        public void Run(int index, int worker)
        {
            int block = index / shape.KvHeads, span = 0;
            while (span < count && block >= Blocks(_spans[span]))
                block -= Blocks(_spans[span++]);
            var whole = _spans[span];
            int first = block * QueriesPerTask;
            var part = whole with
            {
                FirstRow = whole.FirstRow + first,
                Rows = Math.Min(QueriesPerTask, whole.Rows - first),
                FirstPosition = whole.FirstPosition + first,
            };
            int group = shape.Heads / shape.KvHeads;
            int rows = part.Rows * group;
            // Scratch: queries and sums of values [rows, headSize], scores [rows, page], and largest score, sum of weights and rescaling [rows].
            float* scratch = (float*)pool.Scratch(worker, (long)rows * (2 * shape.HeadSize + PageTokens + 3) * sizeof(float));
            VectorDispatch.Run(width, new Queries(shape, part, index % shape.KvHeads, layerOffset, _q, _output, scratch));
        }
    }

    /// <summary>The queries of a few tokens, for the group of query heads that share one KV head.</summary>
    private readonly struct Queries(AttentionShape shape, AttentionSpan span, int kvHead, nint layerOffset, float* q, float* output, float* scratch)
        : IVectorKernel
    {
        private readonly float* _q = q;
        private readonly float* _output = output;
        private readonly float* _scratch = scratch;

        public void Vector<TLanes, TVec>() where TLanes : struct, ILanes<TVec> where TVec : struct
        {
            int size = shape.HeadSize, group = shape.Heads / shape.KvHeads, rows = span.Rows * group;
            float* queries = _scratch, sums = queries + (nint)rows * size, scores = sums + (nint)rows * size;
            float* largest = scores + (nint)rows * PageTokens, weights = largest + rows, keeps = weights + rows;
            GatherQueries(queries);
            new Span<float>(sums, rows * size).Clear();
            new Span<float>(largest, rows).Fill(float.NegativeInfinity);
            new Span<float>(weights, rows).Clear();

            int begin = Begin(span.FirstPosition), end = End(span.FirstPosition + span.Rows - 1);
            for (int page = begin / PageTokens; page * PageTokens < end; page++)
            {
                float* keys = ((float**)span.Pages)[page] + layerOffset + (nint)kvHead * PageTokens * size;
                float* values = keys + (nint)shape.KvHeads * PageTokens * size;
                int pageStart = page * PageTokens;
                DotTile.Product<TLanes, TVec>(keys, Math.Min(PageTokens, end - pageStart), queries, rows, size, scores, PageTokens);
                int full = 0;                                   // rows from the first that see the whole page: they share its values
                for (int row = 0; row < rows; row++)
                {
                    int position = span.FirstPosition + row / group;
                    int low = Math.Max(0, Begin(position) - pageStart), high = Math.Min(PageTokens, End(position) - pageStart);
                    float* weight = scores + (nint)row * PageTokens;
                    if (low >= high)
                        continue;
                    keeps[row] = Weigh<TLanes, TVec>(weight, low, high, ref largest[row], ref weights[row]);
                    if (low == 0 && high == PageTokens && row == full)
                        full++;
                    else
                        AddValues<TLanes, TVec>(weight, low, high, keeps[row], values, sums + (nint)row * size);
                }
                int shared = full / 4 * 4;
                for (int row = 0; row < shared; row += 4)
                    AddValuesToFour<TLanes, TVec>(scores + (nint)row * PageTokens, keeps + row, values, sums + (nint)row * size);
                for (int row = shared; row < full; row++)
                    AddValues<TLanes, TVec>(scores + (nint)row * PageTokens, 0, PageTokens, keeps[row], values, sums + (nint)row * size);
            }
            WriteOutput(sums, weights);
        }

        public void Scalar()
        {
            int size = shape.HeadSize, group = shape.Heads / shape.KvHeads;
            for (int row = 0; row < span.Rows * group; row++)
            {
                int position = span.FirstPosition + row / group;
                float* query = Head(_q, row), result = Head(_output, row);
                int begin = Begin(position), end = End(position);
                var scores = new double[end - begin];
                for (int i = begin; i < end; i++)
                {
                    float* key = Key(i);
                    double dot = 0;
                    for (int c = 0; c < size; c++)
                        dot += (double)query[c] * key[c];
                    dot *= shape.Scale;
                    scores[i - begin] = shape.Softcap > 0 ? shape.Softcap * Math.Tanh(dot / shape.Softcap) : dot;
                }
                double top = scores.Max(), total = scores.Sum(s => Math.Exp(s - top));
                for (int c = 0; c < size; c++)
                {
                    double sum = 0;
                    for (int i = begin; i < end; i++)
                        sum += Math.Exp(scores[i - begin] - top) / total * (Key(i) + (nint)shape.KvHeads * PageTokens * size)[c];
                    result[c] = (float)sum;
                }
            }
        }

        /// <summary>Scores of one query to weights: raises the running maximum and returns the factor that rescales what was summed before.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private float Weigh<TLanes, TVec>(float* scores, int low, int high, ref float largest, ref float weight)
            where TLanes : struct, ILanes<TVec>
            where TVec : struct
        {
            if (shape.Softcap > 0)
            {
                for (int i = low; i < high; i++)
                    scores[i] = shape.Softcap * MathF.Tanh(scores[i] / shape.Softcap);
            }
            float top = largest;
            for (int i = low; i < high; i++)
                top = MathF.Max(top, scores[i]);
            float keep = MathF.Exp(largest - top);              // 0 at the first page, where the maximum was -infinity
            largest = top;

            // Exponentials of the whole page at once; those outside [low, high) are not used.
            var tops = TLanes.Create(top);
            for (int i = 0; i < PageTokens; i += TLanes.Count)
                TLanes.Store(TLanes.Exp(TLanes.Subtract(TLanes.Load(scores + i), tops)), scores + i);
            float sum = 0;
            for (int i = low; i < high; i++)
                sum += scores[i];
            weight = weight * keep + sum;
            return keep;
        }

        /// <summary>Adds the weighted values of a page to the rescaled sums of one query.</summary>
        private void AddValues<TLanes, TVec>(float* weights, int low, int high, float keep, float* values, float* sums)
            where TLanes : struct, ILanes<TVec>
            where TVec : struct
        {
            int size = shape.HeadSize, c = 0;
            var keeps = TLanes.Create(keep);
            for (; c + TLanes.Count <= size; c += TLanes.Count)
            {
                var total = TLanes.Multiply(TLanes.Load(sums + c), keeps);
                for (int i = low; i < high; i++)
                    total = TLanes.MultiplyAdd(TLanes.Create(weights[i]), TLanes.Load(values + (nint)i * size + c), total);
                TLanes.Store(total, sums + c);
            }
            for (; c < size; c++)
            {
                float total = sums[c] * keep;
                for (int i = low; i < high; i++)
                    total += weights[i] * values[(nint)i * size + c];
                sums[c] = total;
            }
        }

        /// <summary>The same for four queries that see the whole page, whose values are loaded once; each sum in the order of <see cref="AddValues"/>.</summary>
        private void AddValuesToFour<TLanes, TVec>(float* weights, float* keeps, float* values, float* sums)
            where TLanes : struct, ILanes<TVec>
            where TVec : struct
        {
            int size = shape.HeadSize, c = 0;
            float* sums1 = sums + size, sums2 = sums1 + size, sums3 = sums2 + size;
            for (; c + TLanes.Count <= size; c += TLanes.Count)
            {
                var a0 = TLanes.Multiply(TLanes.Load(sums + c), TLanes.Create(keeps[0]));
                var a1 = TLanes.Multiply(TLanes.Load(sums1 + c), TLanes.Create(keeps[1]));
                var a2 = TLanes.Multiply(TLanes.Load(sums2 + c), TLanes.Create(keeps[2]));
                var a3 = TLanes.Multiply(TLanes.Load(sums3 + c), TLanes.Create(keeps[3]));
                float* value = values + c;
                for (int i = 0; i < PageTokens; i++, value += size)
                {
                    var v = TLanes.Load(value);
                    a0 = TLanes.MultiplyAdd(TLanes.Create(weights[i]), v, a0);
                    a1 = TLanes.MultiplyAdd(TLanes.Create(weights[PageTokens + i]), v, a1);
                    a2 = TLanes.MultiplyAdd(TLanes.Create(weights[2 * PageTokens + i]), v, a2);
                    a3 = TLanes.MultiplyAdd(TLanes.Create(weights[3 * PageTokens + i]), v, a3);
                }
                TLanes.Store(a0, sums + c);
                TLanes.Store(a1, sums1 + c);
                TLanes.Store(a2, sums2 + c);
                TLanes.Store(a3, sums3 + c);
            }
            for (; c < size; c++)
            {
                for (int row = 0; row < 4; row++)
                {
                    float total = sums[(nint)row * size + c] * keeps[row];
                    for (int i = 0; i < PageTokens; i++)
                        total += weights[row * PageTokens + i] * values[(nint)i * size + c];
                    sums[(nint)row * size + c] = total;
                }
            }
        }

        /// <summary>First visible position of a query.</summary>
        private int Begin(int position) => shape.Window > 0 && shape.Causal ? Math.Max(0, position - shape.Window + 1) : 0;

        /// <summary>Past the last visible position of a query.</summary>
        private int End(int position) => shape.Causal ? position + 1 : span.Length;

        private float* Key(int position) =>
            ((float**)span.Pages)[position / PageTokens] + layerOffset + ((nint)kvHead * PageTokens + position % PageTokens) * shape.HeadSize;

        /// <summary>The head of a row: rows go token by token, within a token through the group's heads.</summary>
        private float* Head(float* tensor, int row)
        {
            int group = shape.Heads / shape.KvHeads;
            return tensor + ((nint)(span.FirstRow + row / group) * shape.Heads + kvHead * group + row % group) * shape.HeadSize;
        }

        private void GatherQueries(float* queries)
        {
            int size = shape.HeadSize, rows = span.Rows * (shape.Heads / shape.KvHeads);
            for (int row = 0; row < rows; row++)
            {
                float* head = Head(_q, row);
                for (int c = 0; c < size; c++)
                    queries[(nint)row * size + c] = head[c] * shape.Scale;
            }
        }

        private void WriteOutput(float* sums, float* weights)
        {
            int size = shape.HeadSize, rows = span.Rows * (shape.Heads / shape.KvHeads);
            for (int row = 0; row < rows; row++)
            {
                float* head = Head(_output, row);
                float inverse = 1 / weights[row];
                for (int c = 0; c < size; c++)
                    head[c] = sums[(nint)row * size + c] * inverse;
            }
        }
    }
}
