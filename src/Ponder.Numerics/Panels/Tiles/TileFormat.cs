namespace Ponder.Numerics.Panels.Tiles;

/// <summary>
/// Shapes and numbers of the AMX recipe. Activations and weights are bfloat16, products are summed in float32; a step of K is a group of 32 values.
/// </summary>
/// <remarks>
/// <para>Rounding to bfloat16 is that of <c>vcvtne2ps2bf16</c>: to nearest, ties to even; subnormal float32 become zero, a NaN stays one.</para>
/// <para>A quantized weight is <c>bfloat16(fma(scale, lift + code, base))</c> in float32, where <c>code</c> is the unsigned value in the panel; <c>lift</c>
/// is 32768 for 8-bit kinds and 128 for the others: numbers that turn a byte into a float32 by setting the bytes around it; <c>scale</c> is D, or D times SC
/// for K-quants; <c>base</c> is <c>scale * -(lift + offset)</c>, or <c>fma(scale, -lift, minimum)</c> for kinds with a minimum: M, or -(M times MN).
/// Without a minimum all of this is exact before the one rounding to bfloat16; with one, <c>base</c> is rounded to 24 bits.</para>
/// <para>A step is what <c>tdpbf16ps</c> does (Intel Software Developer's Manual, volume 2): products of the even values of K and products of the odd ones are
/// summed apart, each from 0, in order, with fused multiply-adds; the two sums are added, and then that to the sum of the earlier steps. Subnormal
/// sources are zero, and so are results that are subnormal after rounding. What a NaN carries besides being one is not specified.</para>
/// <para>A B tile, 1 KB, holds 16 pairs of K (its rows) of 16 outputs (its columns). Columns stand in the order of <see cref="Outputs"/>, which is the one
/// that unpacking within 128-bit lanes gives; sums are brought into the order of outputs when they are stored.</para>
/// </remarks>
internal static class TileFormat
{
    /// <summary>Rows of a tile: activation rows in A and in the sums, pairs of K in B.</summary>
    public const int Rows = 16;

    /// <summary>Bytes of a row of any tile.</summary>
    public const int RowBytes = 64;

    /// <summary>Bytes of a tile.</summary>
    public const int Bytes = Rows * RowBytes;

    /// <summary>The output of each column of a B tile.</summary>
    public static ReadOnlySpan<byte> Outputs => [0, 1, 4, 5, 8, 9, 12, 13, 2, 3, 6, 7, 10, 11, 14, 15];

    /// <summary>The column of each output.</summary>
    public static ReadOnlySpan<byte> Columns => [0, 1, 8, 9, 2, 3, 10, 11, 4, 5, 12, 13, 6, 7, 14, 15];

    /// <summary>What codes of a kind are raised by before they are multiplied.</summary>
    public static int Lift(PanelKind kind) => kind.Bits == 8 ? 1 << 15 : 1 << 7;

    /// <summary>
    /// Bytes of a row of prepared activations: k bfloat16 values, an odd number of cache lines. The 16 rows of a tile then lie in 16 different sets of the
    /// cache, whatever k is.
    /// </summary>
    public static nint PreparedBytes(int k) => (k / PanelLayout.GroupValues | 1) * (nint)RowBytes;
}
