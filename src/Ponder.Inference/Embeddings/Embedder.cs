using Ponder.Inference.Kv;
using Ponder.Models.Configuration;
using Ponder.Models.Transformers;

namespace Ponder.Inference.Embeddings;

/// <summary>Embeddings of texts, several in one batch.</summary>
internal sealed class Embedder(Transformer transformer, KvPool pool, EngineOptions options)
{
    private readonly Batch _batch = new();

    public float[][] Run(IReadOnlyList<IReadOnlyList<int>> texts, CancellationToken stop)
    {
        var embeddings = new float[texts.Count][];
        for (int first = 0; first < texts.Count;)
        {
            stop.ThrowIfCancellationRequested();
            int end = first + 1, rows = texts[first].Count;
            while (end < texts.Count && rows + texts[end].Count <= options.ChunkTokens)
                rows += texts[end++].Count;
            RunTogether(texts, first, end, embeddings);
            first = end;
        }
        return embeddings;
    }

    private void RunTogether(IReadOnlyList<IReadOnlyList<int>> texts, int first, int end, float[][] embeddings)
    {
        var sequences = new List<KvSequence>();
        try
        {
            _batch.Clear();
            for (int i = first; i < end; i++)
            {
                var sequence = new KvSequence(pool);
                sequences.Add(sequence);
                sequence.Extend(texts[i].Count);
                bool longRope = transformer.Config.UsesLongRope(texts[i].Count);
                _batch.Add([.. texts[i]], 0, sequence.Pages, longRope, OutputRows.None);
            }
            _batch.HiddenStates = (layer, states) =>
            {
                if (layer < transformer.Config.Layers.Count)
                    return;
                int row = 0;
                for (int i = first; i < end; i++)
                {
                    embeddings[i] = Pool(states.Slice(row * transformer.Config.Width, texts[i].Count * transformer.Config.Width));
                    row += texts[i].Count;
                }
            };
            transformer.Forward(_batch, []);
        }
        finally
        {
            sequences.ForEach(sequence => sequence.Dispose());
        }
    }

    /// <summary>States [T, d] of one text to its embedding [d] of length 1.</summary>
    private float[] Pool(ReadOnlySpan<float> states)
    {
        int width = transformer.Config.Width, rows = states.Length / width;
        var (from, to) = transformer.Config.Pooling switch
        {
            PoolingKind.First => (0, 1),
            PoolingKind.Last => (rows - 1, rows),
            _ => (0, rows),
        };
        var sums = new double[width];
        for (int row = from; row < to; row++)
        {
            for (int i = 0; i < width; i++)
                sums[i] += states[row * width + i];
        }
        double length = Math.Sqrt(sums.Sum(s => s * s));
        return [.. sums.Select(s => (float)(length > 0 ? s / length : 0))];
    }
}
