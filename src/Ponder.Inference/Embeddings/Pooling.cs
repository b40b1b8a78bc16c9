using Ponder.Models.Configuration;

namespace Ponder.Inference.Embeddings;

/// <summary>Sums up hidden states of a text, chunk by chunk, and makes its embedding of them.</summary>
internal sealed class Pooling(ModelConfig config, int tokens)
{
    private readonly double[] _sums = new double[config.Width];

    /// <summary>The first token that counts.</summary>
    public int First => config.Pooling == PoolingKind.Last ? tokens - 1 : 0;

    /// <summary>Takes hidden states; of the last layer only.</summary>
    public void Receive(int layer, int firstPosition, ReadOnlySpan<float> states)
    {
        if (layer < config.Layers.Count)
            return;
        int end = config.Pooling == PoolingKind.First ? 1 : tokens;
        for (int row = 0; row < states.Length / config.Width; row++)
        {
            if (firstPosition + row < First || firstPosition + row >= end)
                continue;
            for (int i = 0; i < config.Width; i++)
                _sums[i] += states[row * config.Width + i];
        }
    }

    /// <summary>The embedding [d], of length 1.</summary>
    public float[] Embedding()
    {
        double length = Math.Sqrt(_sums.Sum(s => s * s));
        return [.. _sums.Select(s => (float)(length > 0 ? s / length : 0))];
    }
}
