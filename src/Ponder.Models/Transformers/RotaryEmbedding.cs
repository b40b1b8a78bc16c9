using Ponder.Models.Configuration;
using Ponder.Numerics.Memory;

namespace Ponder.Models.Transformers;

/// <summary>The rotation frequencies of one <see cref="RopeConfig"/>, and the cosines and sines of a batch's positions.</summary>
internal sealed unsafe class RotaryEmbedding : IDisposable
{
    private readonly float[] _frequencies;
    private readonly float[] _longFrequencies;
    private readonly float _attentionFactor;
    private NativeBuffer<float> _table = new(0);
    private int _rows;

    public RotaryEmbedding(RopeConfig config, int dimensions)
    {
        Pairs = dimensions / 2;
        (_frequencies, _longFrequencies, _attentionFactor) = Scaled(config, dimensions);
    }

    /// <summary>Rotated pairs of a head.</summary>
    public int Pairs { get; }

    /// <summary>[T, pairs]: cosines times the attention factor.</summary>
    public float* Cos => _table.Pointer;

    /// <summary>[T, pairs].</summary>
    public float* Sin => _table.Pointer + (nint)_rows * Pairs;

    /// <summary>Fills the tables for a batch. Angles are rounded to float32 as training did.</summary>
    public void Prepare(ReadOnlySpan<int> positions, ReadOnlySpan<bool> longRope)
    {
        _rows = positions.Length;
        if (_table.Length < 2L * _rows * Pairs)
        {
            var larger = new NativeBuffer<float>(2L * _rows * Pairs);
            _table.Dispose();
            _table = larger;
        }
        float* cos = Cos, sin = Sin;
        for (int row = 0; row < _rows; row++)
        {
            float[] frequencies = longRope[row] ? _longFrequencies : _frequencies;
            for (int i = 0; i < Pairs; i++)
            {
                var (s, c) = MathF.SinCos(positions[row] * frequencies[i]);
                cos[(nint)row * Pairs + i] = c * _attentionFactor;
                sin[(nint)row * Pairs + i] = s * _attentionFactor;
            }
        }
    }

    public void Dispose() => _table.Dispose();

    private static (float[] Short, float[] Long, float AttentionFactor) Scaled(RopeConfig config, int dimensions)
    {
        float[] plain = [.. Enumerable.Range(0, dimensions / 2).Select(i => (float)(1 / Math.Pow(config.Base, 2.0 * i / dimensions)))];
        float[] Divided(IReadOnlyList<float> factors) => [.. plain.Select((f, i) => f / factors[i])];
        switch (config.Scaling)
        {
            case LinearScaling linear:
                float[] stretched = [.. plain.Select(f => f / linear.Factor)];
                return (stretched, stretched, 1);
            case Llama3Scaling llama3:
                float[] ramped = [.. plain.Select(f => Llama3(f, llama3))];
                return (ramped, ramped, 1);
            case YarnScaling yarn:
                float[] blended = Yarn(plain, config.Base, dimensions, yarn);
                return (blended, blended, yarn.AttentionFactor);
            case LongRopeScaling longRope:
                return (Divided(longRope.ShortFactors), Divided(longRope.LongFactors), longRope.AttentionFactor);
            case DivisorScaling divisors:
                float[] divided = Divided(divisors.Factors);
                return (divided, divided, 1);
            default:
                return (plain, plain, 1);
        }
    }

    private static float Llama3(float frequency, Llama3Scaling scaling)
    {
        float wavelength = 2 * MathF.PI / frequency;
        if (wavelength < scaling.OriginalContext / scaling.HighFrequencyFactor)
            return frequency;
        if (wavelength > scaling.OriginalContext / scaling.LowFrequencyFactor)
            return frequency / scaling.Factor;
        float kept = (scaling.OriginalContext / wavelength - scaling.LowFrequencyFactor) / (scaling.HighFrequencyFactor - scaling.LowFrequencyFactor);
        return (1 - kept) * frequency / scaling.Factor + kept * frequency;
    }

    // Pairs that turn more than BetaFast times over the original context are kept, those that turn less than BetaSlow times are divided.
    private static float[] Yarn(float[] plain, float theta, int dimensions, YarnScaling scaling)
    {
        double PairOf(double rotations) => dimensions * Math.Log(scaling.OriginalContext / (rotations * 2 * Math.PI)) / (2 * Math.Log(theta));
        double low = PairOf(scaling.BetaFast), high = PairOf(scaling.BetaSlow);
        if (scaling.Truncate)
            (low, high) = (Math.Floor(low), Math.Ceiling(high));
        (low, high) = (Math.Max(low, 0), Math.Min(high, dimensions - 1));
        if (low == high)
            high += 0.001;                                      // the original's guard against an empty ramp
        return [.. plain.Select((f, i) =>
        {
            double divided = Math.Clamp((i - low) / (high - low), 0, 1);
            return (float)(f / scaling.Factor * divided + f * (1 - divided));
        })];
    }
}
