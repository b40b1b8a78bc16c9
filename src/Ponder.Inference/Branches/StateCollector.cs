namespace Ponder.Inference.Branches;

/// <summary>Picks hidden states of chosen layers and tokens out of those that pass by.</summary>
internal sealed class StateCollector(IReadOnlyList<int> layers, IReadOnlyList<int> positions, int width)
{
    /// <summary>[layers][positions][width].</summary>
    public float[][][] Values { get; } = [.. layers.Select(_ => new float[positions.Count][])];

    public void Receive(int layer, int firstPosition, ReadOnlySpan<float> states)
    {
        for (int i = 0; i < layers.Count; i++)
        {
            if (layers[i] != layer)
                continue;
            for (int j = 0; j < positions.Count; j++)
            {
                int row = positions[j] - firstPosition;
                if (row >= 0 && (row + 1) * width <= states.Length)
                    Values[i][j] = states.Slice(row * width, width).ToArray();
            }
        }
    }
}
