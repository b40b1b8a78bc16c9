using Ponder.Models.Configuration;
using Ponder.Numerics.Kernels;
using Ponder.Numerics.Workers;

namespace Ponder.Models.Transformers;

/// <summary>Rotates the queries and keys of a batch and writes its keys and values into the pages: one parallel loop, page by page.</summary>
internal static unsafe class RotateAndStore
{
    /// <summary>Runs the loop.</summary>
    /// <param name="pool">The threads.</param>
    /// <param name="width">The vectors to use.</param>
    /// <param name="config">The shape.</param>
    /// <param name="rope">The rotations of the batch's rows; null for none.</param>
    /// <param name="layout">Of the pages.</param>
    /// <param name="layerOffset">Bytes from a page's address to this layer's part of it.</param>
    /// <param name="spans">The sequences of the batch.</param>
    /// <param name="q">[T, heads, headSize], rotated in place.</param>
    /// <param name="k">[T, kvHeads, headSize], rotated in place.</param>
    /// <param name="v">[T, kvHeads, headSize].</param>
    public static void Apply(
        WorkerPool pool, VectorWidth width, ModelConfig config, RotaryEmbedding? rope, KvLayout layout, nint layerOffset,
        ReadOnlySpan<AttentionSpan> spans, float* q, float* k, float* v)
    {
        int pages = 0;
        foreach (var span in spans)
            pages += Pages(span);
        fixed (AttentionSpan* first = spans)
            pool.For(pages, new Body(width, config, rope, layout, layerOffset, first, q, k, v));
    }

    /// <summary>Pages that a span writes to. No two spans write to the same page, and a page's rows go to one thread.</summary>
    private static int Pages(in AttentionSpan span) =>
        (span.FirstPosition + span.Rows - 1) / Attention.PageTokens - span.FirstPosition / Attention.PageTokens + 1;

    private readonly struct Body(
        VectorWidth width, ModelConfig config, RotaryEmbedding? rope, KvLayout layout, nint layerOffset, AttentionSpan* spans, float* q, float* k, float* v)
        : IParallelBody
    {
        private readonly AttentionSpan* _spans = spans;
        private readonly float* _q = q;
        private readonly float* _k = k;
        private readonly float* _v = v;

        public void Run(int index, int worker)
        {
            var span = _spans;
            for (; index >= Pages(*span); span++)
                index -= Pages(*span);
            int page = span->FirstPosition / Attention.PageTokens + index;
            int begin = Math.Max(span->FirstPosition, page * Attention.PageTokens);
            int end = Math.Min(span->FirstPosition + span->Rows, (page + 1) * Attention.PageTokens);
            byte* target = ((byte**)span->Pages)[page] + layerOffset;
            for (int position = begin; position < end; position++)
                Row(span->FirstRow + position - span->FirstPosition, target, position % Attention.PageTokens);
        }

        private void Row(int row, byte* target, int slot)
        {
            int size = config.HeadSize;
            float* keys = _k + (nint)row * config.KvHeads * size, values = _v + (nint)row * config.KvHeads * size;
            if (rope is not null)
            {
                float* cos = rope.Cos + (nint)row * rope.Pairs, sin = rope.Sin + (nint)row * rope.Pairs;
                Rope.Apply(width, _q + (nint)row * config.Heads * size, config.Heads, size, cos, sin, rope.Pairs, config.RopeStyle);
                Rope.Apply(width, keys, config.KvHeads, size, cos, sin, rope.Pairs, config.RopeStyle);
            }
            var layoutOfHead = layout.Head;
            for (int head = 0; head < config.KvHeads; head++)
                KvEncoder.Store(layoutOfHead, target + (nint)head * layoutOfHead.Bytes, slot, keys + (nint)head * size, values + (nint)head * size);
        }
    }
}
