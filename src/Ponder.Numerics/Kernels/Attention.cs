using Ponder.Numerics.Workers;

namespace Ponder.Numerics.Kernels;

/// <summary>
/// Attention over pages of keys and values with a tiled softmax (Dao et al., arXiv 2205.14135): chunk by chunk of the positions, the chunks'
/// results folded in order by their log-sum-exp. A query's result depends on nothing but its own keys, whatever else is computed beside it and
/// whoever computes it.
/// </summary>
/// <remarks>A page of one layer holds one <see cref="KvHead"/> after the other.</remarks>
public static unsafe class Attention
{
    /// <summary>Positions of a page.</summary>
    public const int PageTokens = 16;

    /// <summary>Computes all queries of a batch for one layer.</summary>
    /// <param name="pool">The threads; the work is split by KV heads, by queries, and where those are few by chunks of positions.</param>
    /// <param name="width">The vectors to use.</param>
    /// <param name="plan">Where the work is planned.</param>
    /// <param name="shape">Heads, scale, masks.</param>
    /// <param name="spans">The sequences of the batch.</param>
    /// <param name="layerOffset">Bytes from a page's address to this layer's part of it.</param>
    /// <param name="q">[T, heads, headSize].</param>
    /// <param name="output">Receives [T, heads, headSize].</param>
    public static void Apply(
        WorkerPool pool, VectorWidth width, AttentionPlan plan, AttentionShape shape, ReadOnlySpan<AttentionSpan> spans, nint layerOffset, float* q,
        float* output)
    {
        ArgumentNullException.ThrowIfNull(pool);
        ArgumentNullException.ThrowIfNull(plan);
        if (width == VectorWidth.Scalar)
        {
            foreach (var span in spans)
                pool.For(span.Rows * shape.Heads, new AttentionReference(shape, span, layerOffset, q, output));
            return;
        }
        plan.Cut(shape, spans, pool.Threads);
        pool.For(plan.Pieces.Length * shape.KvHeads, new Pieces(pool, width, plan, shape, layerOffset, q, output));
        pool.For(plan.Split.Length, new Merges(width, plan, shape, output));
    }

    private readonly struct Pieces(WorkerPool pool, VectorWidth width, AttentionPlan plan, AttentionShape shape, nint layerOffset, float* q, float* output)
        : IParallelBody
    {
        private readonly float* _q = q;
        private readonly float* _output = output;

        public void Run(int index, int worker)
        {
            var piece = plan.Pieces[index / shape.KvHeads];
            byte* scratch = pool.Scratch(worker, AttentionPiece.ScratchBytes(shape, piece.Queries));
            VectorDispatch.Run(width, new AttentionPiece(plan, piece, shape, index % shape.KvHeads, layerOffset, _q, _output, (float*)scratch));
        }
    }

    private readonly struct Merges(VectorWidth width, AttentionPlan plan, AttentionShape shape, float* output) : IParallelBody
    {
        private readonly float* _output = output;

        public void Run(int index, int worker) => VectorDispatch.Run(width, new AttentionMerge(plan, plan.Split[index], shape, _output));
    }
}
