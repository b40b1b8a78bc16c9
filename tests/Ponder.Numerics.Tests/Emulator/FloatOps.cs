using Iced.Intel;

namespace Ponder.Numerics.Tests.Emulator;

/// <summary>
/// Float32 arithmetic as a processor with default settings does it: round to nearest even, subnormal numbers kept, and NaNs by x86 rules (the first NaN
/// of the operands made quiet; a negative quiet NaN where an operation itself is invalid).
/// </summary>
internal static class FloatOps
{
    private const uint QuietBit = 0x0040_0000, DefaultNaN = 0xffc0_0000;

    public static void Add(Dictionary<Mnemonic, Handler> table)
    {
        table[Mnemonic.Vaddps] = Lanes.Binary<float>(Add);
        table[Mnemonic.Vsubps] = Lanes.Binary<float>((a, b) => FirstNaN(a, b) ?? Checked(a - b));
        table[Mnemonic.Vmulps] = Lanes.Binary<float>((a, b) => FirstNaN(a, b) ?? Checked(a * b));
        table[Mnemonic.Vdivps] = Lanes.Binary<float>((a, b) => FirstNaN(a, b) ?? Checked(a / b));
        // Two zeros or a NaN: the second source, as it is.
        table[Mnemonic.Vmaxps] = Lanes.Binary<float>((a, b) => a > b ? a : b);
        table[Mnemonic.Vminps] = Lanes.Binary<float>((a, b) => a < b ? a : b);

        AddFused(table, Mnemonic.Vfmadd132ps, Mnemonic.Vfmadd213ps, Mnemonic.Vfmadd231ps, 1, 1);
        AddFused(table, Mnemonic.Vfmsub132ps, Mnemonic.Vfmsub213ps, Mnemonic.Vfmsub231ps, 1, -1);
        AddFused(table, Mnemonic.Vfnmadd132ps, Mnemonic.Vfnmadd213ps, Mnemonic.Vfnmadd231ps, -1, 1);
        AddFused(table, Mnemonic.Vfnmsub132ps, Mnemonic.Vfnmsub213ps, Mnemonic.Vfnmsub231ps, -1, -1);
    }

    public static float Add(float a, float b) => FirstNaN(a, b) ?? Checked(a + b);

    /// <summary>x * y + z with one rounding; product and addend are 1 or -1.</summary>
    public static float Fused(float x, float y, float z, int product = 1, int addend = 1) =>
        FirstNaN(x, y) ?? FirstNaN(z, z) ?? Checked(MathF.FusedMultiplyAdd(product < 0 ? -x : x, y, addend < 0 ? -z : z));

    /// <summary>The number, or a zero of its sign if it is subnormal.</summary>
    public static float Flush(float value) => float.IsSubnormal(value) ? MathF.CopySign(0, value) : value;

    // The digits of a name say which operand is which: 231 is second * third + first.
    private static void AddFused(Dictionary<Mnemonic, Handler> table, Mnemonic m132, Mnemonic m213, Mnemonic m231, int product, int addend)
    {
        table[m132] = Lanes.Ternary<float>((first, second, third) => Fused(first, third, second, product, addend));
        table[m213] = Lanes.Ternary<float>((first, second, third) => Fused(second, first, third, product, addend));
        table[m231] = Lanes.Ternary<float>((first, second, third) => Fused(second, third, first, product, addend));
    }

    private static float? FirstNaN(float a, float b) => float.IsNaN(a) ? Quiet(a) : float.IsNaN(b) ? Quiet(b) : null;

    private static float Quiet(float value) => BitConverter.UInt32BitsToSingle(BitConverter.SingleToUInt32Bits(value) | QuietBit);

    private static float Checked(float value) => float.IsNaN(value) ? BitConverter.UInt32BitsToSingle(DefaultNaN) : value;
}
