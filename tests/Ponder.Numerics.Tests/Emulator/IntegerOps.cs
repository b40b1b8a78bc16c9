using Iced.Intel;

namespace Ponder.Numerics.Tests.Emulator;

/// <summary>Integer arithmetic and bit operations on vectors.</summary>
internal static unsafe class IntegerOps
{
    public static void Add(Dictionary<Mnemonic, Handler> table)
    {
        foreach (var mnemonic in (Mnemonic[])[Mnemonic.Vpand, Mnemonic.Vpandd, Mnemonic.Vandps])
            table[mnemonic] = Lanes.Binary<uint>((a, b) => a & b);
        foreach (var mnemonic in (Mnemonic[])[Mnemonic.Vpandn, Mnemonic.Vpandnd, Mnemonic.Vandnps])
            table[mnemonic] = Lanes.Binary<uint>((a, b) => ~a & b);
        foreach (var mnemonic in (Mnemonic[])[Mnemonic.Vpor, Mnemonic.Vpord, Mnemonic.Vorps])
            table[mnemonic] = Lanes.Binary<uint>((a, b) => a | b);
        foreach (var mnemonic in (Mnemonic[])[Mnemonic.Vpxor, Mnemonic.Vpxord, Mnemonic.Vxorps])
            table[mnemonic] = Lanes.Binary<uint>((a, b) => a ^ b);
        table[Mnemonic.Vpandq] = Lanes.Binary<ulong>((a, b) => a & b);
        table[Mnemonic.Vpandnq] = Lanes.Binary<ulong>((a, b) => ~a & b);
        table[Mnemonic.Vporq] = Lanes.Binary<ulong>((a, b) => a | b);
        table[Mnemonic.Vpxorq] = Lanes.Binary<ulong>((a, b) => a ^ b);
        table[Mnemonic.Vpternlogd] = TernaryLogic<uint>();
        table[Mnemonic.Vpternlogq] = TernaryLogic<ulong>();

        table[Mnemonic.Vpaddb] = Lanes.Binary<byte>((a, b) => (byte)(a + b));
        table[Mnemonic.Vpaddw] = Lanes.Binary<ushort>((a, b) => (ushort)(a + b));
        table[Mnemonic.Vpaddd] = Lanes.Binary<uint>((a, b) => a + b);
        table[Mnemonic.Vpaddq] = Lanes.Binary<ulong>((a, b) => a + b);
        table[Mnemonic.Vpsubb] = Lanes.Binary<byte>((a, b) => (byte)(a - b));
        table[Mnemonic.Vpsubw] = Lanes.Binary<ushort>((a, b) => (ushort)(a - b));
        table[Mnemonic.Vpsubd] = Lanes.Binary<uint>((a, b) => a - b);
        table[Mnemonic.Vpsubq] = Lanes.Binary<ulong>((a, b) => a - b);
        table[Mnemonic.Vpmullw] = Lanes.Binary<short>((a, b) => (short)(a * b));
        table[Mnemonic.Vpmulhw] = Lanes.Binary<short>((a, b) => (short)(a * b >> 16));
        table[Mnemonic.Vpmulhrsw] = Lanes.Binary<short>((a, b) => (short)((a * b >> 14) + 1 >> 1));
        table[Mnemonic.Vpmulld] = Lanes.Binary<int>((a, b) => a * b);
        table[Mnemonic.Vpabsb] = Lanes.Unary<sbyte>(a => (sbyte)(a < 0 ? -a : a));
        table[Mnemonic.Vpabsw] = Lanes.Unary<short>(a => (short)(a < 0 ? -a : a));
        table[Mnemonic.Vpabsd] = Lanes.Unary<int>(a => a < 0 ? -a : a);
        table[Mnemonic.Vpsignb] = Lanes.Binary<sbyte>((a, b) => (sbyte)(b < 0 ? -a : b == 0 ? 0 : a));
        table[Mnemonic.Vpmaxsb] = Lanes.Binary<sbyte>(Math.Max);
        table[Mnemonic.Vpmaxub] = Lanes.Binary<byte>(Math.Max);
        table[Mnemonic.Vpmaxsd] = Lanes.Binary<int>(Math.Max);
        table[Mnemonic.Vpminsb] = Lanes.Binary<sbyte>(Math.Min);
        table[Mnemonic.Vpminub] = Lanes.Binary<byte>(Math.Min);
        table[Mnemonic.Vpminsd] = Lanes.Binary<int>(Math.Min);

        table[Mnemonic.Vpsllw] = Lanes.Shift<ushort>((a, n) => (ushort)(n > 15 ? 0 : a << n));
        table[Mnemonic.Vpslld] = Lanes.Shift<uint>((a, n) => n > 31 ? 0 : a << n);
        table[Mnemonic.Vpsllq] = Lanes.Shift<ulong>((a, n) => n > 63 ? 0 : a << n);
        table[Mnemonic.Vpsrlw] = Lanes.Shift<ushort>((a, n) => (ushort)(n > 15 ? 0 : a >> n));
        table[Mnemonic.Vpsrld] = Lanes.Shift<uint>((a, n) => n > 31 ? 0 : a >> n);
        table[Mnemonic.Vpsrlq] = Lanes.Shift<ulong>((a, n) => n > 63 ? 0 : a >> n);
        table[Mnemonic.Vpsraw] = Lanes.Shift<short>((a, n) => (short)(a >> Math.Min(n, 15)));
        table[Mnemonic.Vpsrad] = Lanes.Shift<int>((a, n) => a >> Math.Min(n, 31));
        table[Mnemonic.Vpsllvd] = Lanes.Binary<uint>((a, n) => n > 31 ? 0 : a << (int)n);
        table[Mnemonic.Vpsrlvd] = Lanes.Binary<uint>((a, n) => n > 31 ? 0 : a >> (int)n);
        table[Mnemonic.Vpsravd] = Lanes.Binary<int>((a, n) => a >> (int)Math.Min((uint)n, 31));

        table[Mnemonic.Vpmaddwd] = Pairs<short, int>((a0, b0, a1, b1) => a0 * b0 + a1 * b1);
        table[Mnemonic.Vpmaddubsw] = Pairs<byte, short>((a0, b0, a1, b1) => (short)Math.Clamp(a0 * (sbyte)b0 + a1 * (sbyte)b1, short.MinValue, short.MaxValue));
        table[Mnemonic.Vpdpbusd] = Lanes.Ternary<uint>((sum, a, b) => sum + (uint)DotOfBytes(a, b));
        table[Mnemonic.Vpdpbusds] = Lanes.Ternary<int>((sum, a, b) => (int)Math.Clamp((long)sum + DotOfBytes((uint)a, (uint)b), int.MinValue, int.MaxValue));
        table[Mnemonic.Vpdpwssd] = Lanes.Ternary<int>((sum, a, b) => sum + (short)a * (short)b + (a >> 16) * (b >> 16));
        table[Mnemonic.Vpsadbw] = SumOfDifferences;
    }

    // Four unsigned bytes of a times four signed bytes of b.
    private static int DotOfBytes(uint a, uint b)
    {
        int sum = 0;
        for (int i = 0; i < 32; i += 8)
            sum += (byte)(a >> i) * (sbyte)(b >> i);
        return sum;
    }

    // Bit (4 destination + 2 first source + second source) of the immediate is the result of these three bits.
    private static Handler TernaryLogic<T>() where T : unmanaged => (cpu, step) =>
    {
        int bytes = step[0].Bytes;
        ulong* a = (ulong*)cpu.Source(step, 0, bytes, sizeof(T)), b = (ulong*)cpu.Source(step, 1, bytes, sizeof(T)), c = (ulong*)cpu.Source(step, 2, bytes, sizeof(T));
        for (int i = 0; i < bytes / 8; i++)
        {
            ulong result = 0;
            for (int row = 0; row < 8; row++)
            {
                if ((step.Immediate >> row & 1) != 0)
                    result |= ((row & 4) != 0 ? a[i] : ~a[i]) & ((row & 2) != 0 ? b[i] : ~b[i]) & ((row & 1) != 0 ? c[i] : ~c[i]);
            }
            ((ulong*)cpu.Result)[i] = result;
        }
        cpu.SetVector(step, 0, bytes, sizeof(T));
    };

    // Neighbouring elements of both sources make one element of the result. Memory is read whole: there is no fault suppression.
    private static Handler Pairs<TFrom, TTo>(Func<TFrom, TFrom, TFrom, TFrom, TTo> operation) where TFrom : unmanaged where TTo : unmanaged => (cpu, step) =>
    {
        int bytes = step[0].Bytes;
        TFrom* a = (TFrom*)cpu.WholeSource(step, 1, bytes), b = (TFrom*)cpu.WholeSource(step, 2, bytes);
        TTo* result = (TTo*)cpu.Result;
        for (int i = 0; i < bytes / sizeof(TTo); i++)
            result[i] = operation(a[2 * i], b[2 * i], a[2 * i + 1], b[2 * i + 1]);
        cpu.SetVector(step, 0, bytes, sizeof(TTo));
    };

    private static void SumOfDifferences(Cpu cpu, Step step)
    {
        int bytes = step[0].Bytes;
        byte* a = cpu.WholeSource(step, 1, bytes), b = cpu.WholeSource(step, 2, bytes);
        new Span<byte>(cpu.Result, bytes).Clear();
        for (int i = 0; i < bytes; i++)
            ((ulong*)cpu.Result)[i / 8] += (ulong)Math.Abs(a[i] - b[i]);
        cpu.SetVector(step, 0, bytes, 8);
    }
}
