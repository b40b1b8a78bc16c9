using System.Buffers.Binary;

namespace Ponder.Numerics.Formats;

/// <summary>
/// What the encoders of the K formats share: 256 values in groups, a scale (and minimum) for each group as a small whole number times one
/// float16 for the block, and the codes that fit those rounded numbers best.
/// </summary>
internal static class KGroups
{
    /// <summary>Encodes to <c>d * scales * codes - dmin * minimums</c>.</summary>
    /// <param name="values">The block's values.</param>
    /// <param name="largestCode">Codes go from 0 to this.</param>
    /// <param name="largestScale">Scales and minimums go from 0 to this.</param>
    /// <param name="scales">Receives a scale for each group; its length is the number of groups.</param>
    /// <param name="minimums">Receives a minimum for each group.</param>
    /// <param name="codes">Receives a code for each value.</param>
    /// <param name="halves">Receives d and dmin as float16.</param>
    public static void Affine(
        ReadOnlySpan<float> values,
        int largestCode,
        int largestScale,
        Span<int> scales,
        Span<int> minimums,
        Span<byte> codes,
        Span<byte> halves)
    {
        int size = values.Length / scales.Length;
        Span<float> wantedScales = stackalloc float[16], wantedMinimums = stackalloc float[16];
        float most = 0, least = 0;
        for (int g = 0; g < scales.Length; g++)
        {
            (wantedScales[g], wantedMinimums[g]) = ScaleSearch.Affine(values.Slice(g * size, size), largestCode);
            most = MathF.Max(most, wantedScales[g]);
            least = MathF.Max(least, wantedMinimums[g]);
        }
        float d = WriteHalf(most / largestScale, halves), dmin = WriteHalf(least / largestScale, halves[2..]);
        for (int g = 0; g < scales.Length; g++)
        {
            scales[g] = d == 0 ? 0 : Rounding.Nearest(wantedScales[g] / d, 0, largestScale);
            minimums[g] = dmin == 0 ? 0 : Rounding.Nearest(wantedMinimums[g] / dmin, 0, largestScale);
            float scale = d * scales[g], minimum = dmin * minimums[g];
            for (int i = g * size; i < (g + 1) * size; i++)
                codes[i] = scale == 0 ? (byte)0 : (byte)Rounding.Nearest((values[i] + minimum) / scale, 0, largestCode);
        }
    }

    /// <summary>
    /// Encodes to <c>d * scales * (codes - n)</c>, scales from <c>-m</c> to <c>m - 1</c> and codes from 0 to <c>2 n - 1</c>.
    /// </summary>
    public static void Symmetric(ReadOnlySpan<float> values, int n, int m, Span<int> scales, Span<byte> codes, Span<byte> half)
    {
        int size = values.Length / scales.Length;
        Span<float> wanted = stackalloc float[16];
        for (int g = 0; g < scales.Length; g++)
            wanted[g] = ScaleSearch.Symmetric(values.Slice(g * size, size), n);
        float d = WriteHalf(Rounding.Extreme(wanted[..scales.Length]) / -m, half);
        for (int g = 0; g < scales.Length; g++)
        {
            scales[g] = d == 0 ? 0 : Rounding.Nearest(wanted[g] / d, -m, m - 1);
            float scale = d * scales[g];
            for (int i = g * size; i < (g + 1) * size; i++)
                codes[i] = (byte)(n + (scale == 0 ? 0 : Rounding.Nearest(values[i] / scale, -n, n - 1)));
        }
    }

    /// <summary>Writes a number as float16 and returns what was written.</summary>
    public static float WriteHalf(float value, Span<byte> target)
    {
        var half = (Half)value;
        BinaryPrimitives.WriteHalfLittleEndian(target, half);
        return (float)half;
    }
}
