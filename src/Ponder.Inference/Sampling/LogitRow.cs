using System.Numerics.Tensors;
using Ponder.Numerics.Kernels;

namespace Ponder.Inference.Sampling;

/// <summary>Buffers of a <see cref="LogitRow"/>, reused from row to row.</summary>
internal sealed class RowBuffers
{
    public float[] Maxima { get; private set; } = [];

    public float[] Sums { get; private set; } = [];

    public ulong[] Keys { get; private set; } = [];

    public float[] Block { get; } = new float[RowBlocks.Size];

    public void Fit(int length)
    {
        int blocks = RowBlocks.Count(length);
        if (Maxima.Length < blocks)
            (Maxima, Sums, Keys) = (new float[blocks], new float[blocks], new ulong[blocks]);
    }
}

/// <summary>
/// A row of logits, of which is computed what is asked for. A token's weight is e^((logit - largest) / temperature): 1 for the most likely one.
/// </summary>
internal ref struct LogitRow
{
    private readonly RowBuffers _buffers;
    private double _total = double.NaN;

    /// <summary>Reads a row.</summary>
    /// <param name="logits">[vocabulary].</param>
    /// <param name="temperature">Above 0, or 0 where weights are not asked for.</param>
    /// <param name="buffers">Serve this row until the next one is read.</param>
    public LogitRow(ReadOnlySpan<float> logits, double temperature, RowBuffers buffers)
    {
        buffers.Fit(logits.Length);
        _buffers = buffers;
        Logits = logits;
        Scale = (float)Math.Min(1 / temperature, 1e30);
        BlockMaxima.Apply(VectorWidths.Current, logits, buffers.Maxima);
        Largest = TensorPrimitives.Max(Maxima);
    }

    /// <summary>The logits, [vocabulary].</summary>
    public ReadOnlySpan<float> Logits { get; }

    /// <summary>Tokens.</summary>
    public readonly int Length => Logits.Length;

    /// <summary>The largest logit; NaN if one is.</summary>
    public float Largest { get; }

    /// <summary>One over the temperature.</summary>
    public float Scale { get; }

    /// <summary>The largest logit of every block.</summary>
    public readonly ReadOnlySpan<float> Maxima => _buffers.Maxima.AsSpan(0, RowBlocks.Count(Length));

    /// <summary>The sum of all weights.</summary>
    public double Total
    {
        get
        {
            if (double.IsNaN(_total))
                _total = ExponentialSums.Apply(VectorWidths.Current, Logits, Largest, Scale, _buffers.Sums).Sum;
            return _total;
        }
    }

    /// <summary>The sum of all weights, or NaN if nobody asked yet.</summary>
    public readonly double TotalIfKnown => _total;

    /// <summary>The token with the largest logit; the lowest of equals.</summary>
    public readonly int Best()
    {
        int block = 0;
        while (_buffers.Maxima[block] != Largest)
            block++;
        int id = block * RowBlocks.Size;
        while (Logits[id] != Largest)
            id++;
        return id;
    }

    /// <summary>A logit below which all weights are under <paramref name="weight"/>, at most the largest logit.</summary>
    public readonly float FloorOfWeight(double weight) =>
        weight > 0 ? MathF.BitDecrement((float)(Largest + Math.Log(Math.Min(weight, 1)) / Scale)) : float.NegativeInfinity;

    /// <summary>A logit that at least <paramref name="k"/> tokens reach, or all whose weight is not 0; and not many more.</summary>
    public readonly float FloorOfLargest(int k) => k < Maxima.Length ? FloorByBlocks(k) : FloorByBisection(k);

    /// <summary>What k blocks reach, a token in each reaches.</summary>
    private readonly float FloorByBlocks(int k)
    {
        var maxima = Maxima;
        var keys = _buffers.Keys.AsSpan(0, maxima.Length);
        for (int block = 0; block < keys.Length; block++)
        {
            int bits = BitConverter.SingleToInt32Bits(maxima[block]);
            uint falling = bits < 0 ? (uint)bits : ~((uint)bits | 0x80000000);
            keys[block] = (ulong)falling << 32 | (uint)block;
        }
        int count = Selection.Prefix(keys, k, new Ones());
        float floor = float.PositiveInfinity;
        foreach (ulong key in keys[..count])
            floor = Math.Min(floor, maxima[(int)(uint)key]);
        return floor;
    }

    private readonly float FloorByBisection(int k)
    {
        const float zeroWeight = 88;                            // e^-88 counts as 0
        float low = Largest - zeroWeight / Scale, high = Largest;
        if (k >= Length || !float.IsFinite(low))
            return float.NegativeInfinity;
        for (int round = 0; round < 16; round++)
        {
            float middle = low + (high - low) / 2;
            int count = RowSelection.Count(VectorWidths.Current, Logits, Maxima, middle);
            if (count < k)
                high = middle;
            else
                low = middle;
            if (count >= k && count < 2L * k)
                break;
        }
        return low;
    }

    /// <summary>Draws from all tokens by their weights: the block that the target falls in, then the token within it.</summary>
    /// <param name="uniform">In [0, 1).</param>
    public int Draw(double uniform)
    {
        double target = uniform * Total, sum = 0;
        int block = 0;
        for (int next = 0; next < Maxima.Length && sum <= target; next++)
        {
            float weight = _buffers.Sums[next];
            if (weight == 0)
                continue;                                       // rounding at the end must not draw what cannot be drawn
            block = next;
            sum += weight;
        }
        target -= sum - _buffers.Sums[block];
        int start = block * RowBlocks.Size;
        var weights = _buffers.Block.AsSpan(0, Math.Min(RowBlocks.Size, Length - start));
        RowExponential.Apply(VectorWidths.Current, Logits.Slice(start, weights.Length), Largest, Scale, weights);
        int drawn = 0;
        sum = 0;
        for (int i = 0; i < weights.Length && sum <= target; i++)
        {
            if (weights[i] > 0)
                drawn = i;
            sum += weights[i];
        }
        return start + drawn;
    }
}
