using Ponder.Numerics.Workers;

namespace Ponder.Numerics.Kernels;

/// <summary>The reference: one head of one token at a time, straight from the definition, in float64.</summary>
internal readonly unsafe struct AttentionReference(AttentionShape shape, AttentionSpan span, nint layerOffset, float* q, float* output) : IParallelBody
{
    private readonly float* _q = q;
    private readonly float* _output = output;

    public void Run(int index, int worker)
    {
        int size = shape.HeadSize, position = span.FirstPosition + index / shape.Heads, head = index % shape.Heads;
        nint row = ((nint)(span.FirstRow + index / shape.Heads) * shape.Heads + head) * size;
        int begin = shape.Begin(position), end = shape.End(position, span.Length);
        var scores = new double[end - begin];
        for (int i = begin; i < end; i++)
        {
            byte* keys = Page(i, head);
            double dot = 0;
            for (int c = 0; c < size; c++)
                dot += (double)_q[row + c] * KvDecoder.Key(shape.KvHead, keys, i % Attention.PageTokens, c);
            dot *= shape.Scale;
            scores[i - begin] = shape.Softcap > 0 ? shape.Softcap * Math.Tanh(dot / shape.Softcap) : dot;
        }
        double top = scores.Max(), total = scores.Sum(score => Math.Exp(score - top));
        for (int c = 0; c < size; c++)
        {
            double sum = 0;
            for (int i = begin; i < end; i++)
                sum += Math.Exp(scores[i - begin] - top) / total * KvDecoder.Value(shape.KvHead, Page(i, head), i % Attention.PageTokens, c);
            _output[row + c] = (float)sum;
        }
    }

    private byte* Page(int position, int head) =>
        ((byte**)span.Pages)[position / Attention.PageTokens] + layerOffset + (nint)(head / shape.Group) * shape.KvHead.Bytes;
}
