using System.Runtime.Intrinsics;

namespace Ponder.Numerics.Panels.Int8;

/// <summary>Brings activations into <see cref="QuantizedGroup"/>s; the rules are those of <see cref="Int8Recipe"/>.</summary>
internal static unsafe class RowQuantizer
{
    /// <summary>Groups whose largest magnitude is below this (2^-119) count as zeros: their scale would be subnormal and its inverse infinite.</summary>
    public const float Smallest = 1.504632769e-36f;

    private const int Infinity = 0x7F800000, Magnitude = 0x7FFFFFFF;

    /// <summary>Bytes of a row of groups: an odd number of cache lines, so that the rows of a tile do not compete for the same sets of L1.</summary>
    /// <param name="k">Activations of a row, a multiple of 32.</param>
    public static nint RowBytes(int k) => (nint)(k / PanelLayout.GroupValues | 1) * QuantizedGroup.Bytes;

    /// <summary>Quantizes rows.</summary>
    /// <param name="x">[rows, k], contiguous.</param>
    /// <param name="rows">1 or more.</param>
    /// <param name="k">A multiple of 32.</param>
    /// <param name="prepared">Receives rows of <see cref="RowBytes"/> bytes each.</param>
    public static void Quantize(float* x, int rows, int k, byte* prepared)
    {
        for (int row = 0; row < rows; row++, prepared += RowBytes(k))
        {
            var group = (QuantizedGroup*)prepared;
            for (float* end = x + k; x < end; x += PanelLayout.GroupValues, group++)
                QuantizeGroup(x, group);
        }
    }

    private static void QuantizeGroup(float* x, QuantizedGroup* target)
    {
        Vector256<float> x0 = Vector256.Load(x), x1 = Vector256.Load(x + 8), x2 = Vector256.Load(x + 16), x3 = Vector256.Load(x + 24);
        // Bits of magnitudes compare as integers do, and infinities and NaNs are the largest of all.
        var largest = Vector256.Max(Vector256.Max(Bits(x0), Bits(x1)), Vector256.Max(Bits(x2), Bits(x3)));
        var four = Vector128.Max(largest.GetLower(), largest.GetUpper());
        int bits = Math.Max(Math.Max(four[0], four[1]), Math.Max(four[2], four[3]));
        float magnitude = BitConverter.Int32BitsToSingle(bits);
        if (bits >= Infinity || magnitude < Smallest)
        {
            *target = default;
            target->Scale = target->Sum = target->NegatedSum = bits >= Infinity ? float.NaN : 0;
            return;
        }
        var inverse = Vector256.Create(127 / magnitude);
        Vector256<int> a0 = Round(x0 * inverse), a1 = Round(x1 * inverse), a2 = Round(x2 * inverse), a3 = Round(x3 * inverse);
        Vector256.Narrow(Vector256.Narrow(a0, a1), Vector256.Narrow(a2, a3)).Store(target->Values);
        int first = Vector256.Sum(a0 + a1), last = Vector256.Sum(a2 + a3), sum = first + last;
        float scale = magnitude / 127;
        target->Scale = scale;
        target->Sum = scale * sum;
        target->NegatedSum = -target->Sum;
        target->Start128 = -128 * sum;
        target->Start16 = -16 * sum;
        target->Start8 = -8 * sum;
        target->Start32First = -32 * first;
        target->Start32Last = -32 * last;
    }

    private static Vector256<int> Bits(Vector256<float> x) => x.AsInt32() & Vector256.Create(Magnitude);

    // To the nearest, ties to even; the conversion of whole numbers is exact everywhere.
    private static Vector256<int> Round(Vector256<float> x) => Vector256.ConvertToInt32Native(Vector256.Round(x));
}
