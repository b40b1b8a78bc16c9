using System.Numerics;

namespace Ponder.Numerics.Formats;

/// <summary>Signs of eight values in the IQ formats: bit i set makes value i negative.</summary>
internal static class Signs
{
    /// <summary>Eight signs from seven bits: the eighth makes the number of negative values even.</summary>
    public static int FromSevenBits(uint bits)
    {
        bits &= 127;
        return (int)(bits | (uint)(BitOperations.PopCount(bits) & 1) << 7);
    }

    /// <summary>Writes <c>scale * point</c> with signs, bit i of <paramref name="signs"/> for value i.</summary>
    public static void Apply(float scale, ReadOnlySpan<sbyte> point, int signs, Span<float> values)
    {
        for (int i = 0; i < point.Length; i++)
        {
            float value = scale * point[i];
            values[i] = (signs >> i & 1) == 0 ? value : -value;
        }
    }
}
