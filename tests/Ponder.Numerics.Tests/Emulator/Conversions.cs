using Iced.Intel;

namespace Ponder.Numerics.Tests.Emulator;

/// <summary>From one number format to another.</summary>
internal static unsafe class Conversions
{
    public static void Add(Dictionary<Mnemonic, Handler> table)
    {
        table[Mnemonic.Vpmovzxbw] = Lanes.Convert<byte, ushort>(a => a);
        table[Mnemonic.Vpmovzxbd] = Lanes.Convert<byte, uint>(a => a);
        table[Mnemonic.Vpmovzxwd] = Lanes.Convert<ushort, uint>(a => a);
        table[Mnemonic.Vpmovsxbw] = Lanes.Convert<sbyte, short>(a => a);
        table[Mnemonic.Vpmovsxbd] = Lanes.Convert<sbyte, int>(a => a);
        table[Mnemonic.Vpmovsxwd] = Lanes.Convert<short, int>(a => a);
        table[Mnemonic.Vpmovdb] = Lanes.Convert<uint, byte>(a => (byte)a);
        table[Mnemonic.Vpmovdw] = Lanes.Convert<uint, ushort>(a => (ushort)a);
        table[Mnemonic.Vpmovwb] = Lanes.Convert<ushort, byte>(a => (byte)a);
        table[Mnemonic.Vpmovsdb] = Lanes.Convert<int, sbyte>(a => (sbyte)Math.Clamp(a, sbyte.MinValue, sbyte.MaxValue));

        table[Mnemonic.Vcvtdq2ps] = Lanes.Convert<int, float>(a => a);
        table[Mnemonic.Vcvtudq2ps] = Lanes.Convert<uint, float>(a => (float)(double)a);
        table[Mnemonic.Vcvtps2dq] = Lanes.Convert<float, int>(a => ToInteger(MathF.Round(a, MidpointRounding.ToEven)));
        table[Mnemonic.Vcvttps2dq] = Lanes.Convert<float, int>(a => ToInteger(MathF.Truncate(a)));

        table[Mnemonic.Vcvtph2ps] = Lanes.Convert<ushort, float>(FromHalf);
        table[Mnemonic.Vcvtps2ph] = (cpu, step) =>
        {
            // 0 rounds to nearest even, 4 as the processor is set, which is the same.
            if (step.Immediate is not (0 or 4))
                throw new UnknownInstructionException(step, "only rounding to nearest even is emulated.");
            ToHalves(cpu, step);
        };
        table[Mnemonic.Vcvtneps2bf16] = Lanes.Convert<float, ushort>(ToBFloat16);
        table[Mnemonic.Vcvtne2ps2bf16] = TwoToBFloat16;
    }

    /// <summary>
    /// Rounds to nearest even; subnormal numbers become zeros of their sign, NaNs keep their upper bits and become quiet, whatever the settings of the
    /// processor.
    /// </summary>
    public static ushort ToBFloat16(float value)
    {
        uint bits = BitConverter.SingleToUInt32Bits(value);
        if (float.IsNaN(value))
            return (ushort)(bits >> 16 | 0x40);
        if ((bits & 0x7f80_0000) == 0)
            return (ushort)(bits >> 16 & 0x8000);
        return (ushort)(bits + 0x7fff + (bits >> 16 & 1) >> 16);
    }

    private static readonly Handler ToHalves = Lanes.Convert<float, ushort>(ToHalf);

    private static int ToInteger(float whole) => whole is >= int.MinValue and < 2147483648f ? (int)whole : int.MinValue;

    private static float FromHalf(ushort bits) =>
        (bits & 0x7c00) == 0x7c00 && (bits & 0x3ff) != 0
            ? BitConverter.UInt32BitsToSingle((uint)(bits & 0x8000) << 16 | 0x7fc0_0000 | (uint)(bits & 0x3ff) << 13)
            : (float)BitConverter.UInt16BitsToHalf(bits);

    private static ushort ToHalf(float value)
    {
        uint bits = BitConverter.SingleToUInt32Bits(value);
        return float.IsNaN(value)
            ? (ushort)(bits >> 16 & 0x8000 | 0x7e00 | bits >> 13 & 0x3ff)
            : BitConverter.HalfToUInt16Bits((Half)value);
    }

    // The second source gives the lower half of the result, the first source the upper one.
    private static void TwoToBFloat16(Cpu cpu, Step step)
    {
        int bytes = step[0].Bytes, half = bytes / 4;
        float* upper = (float*)cpu.WholeSource(step, 1, bytes, 4), lower = (float*)cpu.WholeSource(step, 2, bytes, 4);
        ushort* result = (ushort*)cpu.Result;
        for (int i = 0; i < half; i++)
        {
            result[i] = ToBFloat16(lower[i]);
            result[half + i] = ToBFloat16(upper[i]);
        }
        cpu.SetVector(step, 0, bytes, 2);
    }
}
