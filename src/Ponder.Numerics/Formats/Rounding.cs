namespace Ponder.Numerics.Formats;

/// <summary>
/// Small steps of encoders. Those of the simple formats follow the reference encoders operation by operation, since only then do the
/// bytes agree.
/// </summary>
internal static class Rounding
{
    /// <summary>The first value of the largest magnitude, with its sign.</summary>
    public static float Extreme(ReadOnlySpan<float> values)
    {
        float extreme = 0;
        foreach (float value in values)
        {
            if (MathF.Abs(value) > MathF.Abs(extreme))
                extreme = value;
        }
        return extreme;
    }

    /// <summary>The smallest and the largest value.</summary>
    public static (float Least, float Greatest) Range(ReadOnlySpan<float> values)
    {
        float least = values[0], greatest = values[0];
        foreach (float value in values[1..])
        {
            least = MathF.Min(least, value);
            greatest = MathF.Max(greatest, value);
        }
        return (least, greatest);
    }

    /// <summary>The whole part of a code already shifted by one half, cut to 0 … <paramref name="largest"/>; NaN becomes 0.</summary>
    /// <remarks>The sum is formed in binary64 and rounded to binary32 before its fraction is dropped.</remarks>
    public static int Shifted(double code, int largest) => (int)Math.Clamp((float)code, 0, largest);

    /// <summary>The nearest whole number, ties to even, from <paramref name="least"/> to <paramref name="greatest"/>; 0 for NaN.</summary>
    public static int Nearest(float code, int least, int greatest) => (int)Math.Clamp(MathF.Round(code), least, greatest);

    /// <summary>Values as -1, 0 or 1 times the largest magnitude, which is returned; <paramref name="trits"/> gets 0, 1 or 2.</summary>
    public static float Trits(ReadOnlySpan<float> values, Span<byte> trits)
    {
        float scale = MathF.Abs(Extreme(values));
        float inverse = scale == 0 ? 0 : 1 / scale;
        for (int i = 0; i < values.Length; i++)
            trits[i] = (byte)(int)(Math.Clamp(MathF.Round(values[i] * inverse, MidpointRounding.AwayFromZero), -1, 1) + 1);
        return scale;
    }
}
