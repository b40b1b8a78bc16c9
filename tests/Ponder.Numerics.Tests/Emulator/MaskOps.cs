using Iced.Intel;

namespace Ponder.Numerics.Tests.Emulator;

/// <summary>Mask registers, and comparisons that write them.</summary>
internal static unsafe class MaskOps
{
    public static void Add(Dictionary<Mnemonic, Handler> table)
    {
        Mnemonic[][] bySize =
        [
            [Mnemonic.Kmovb, Mnemonic.Knotb, Mnemonic.Kandb, Mnemonic.Korb, Mnemonic.Kxorb, Mnemonic.Kxnorb, Mnemonic.Kandnb, Mnemonic.Kshiftlb, Mnemonic.Kshiftrb],
            [Mnemonic.Kmovw, Mnemonic.Knotw, Mnemonic.Kandw, Mnemonic.Korw, Mnemonic.Kxorw, Mnemonic.Kxnorw, Mnemonic.Kandnw, Mnemonic.Kshiftlw, Mnemonic.Kshiftrw],
            [Mnemonic.Kmovd, Mnemonic.Knotd, Mnemonic.Kandd, Mnemonic.Kord, Mnemonic.Kxord, Mnemonic.Kxnord, Mnemonic.Kandnd, Mnemonic.Kshiftld, Mnemonic.Kshiftrd],
            [Mnemonic.Kmovq, Mnemonic.Knotq, Mnemonic.Kandq, Mnemonic.Korq, Mnemonic.Kxorq, Mnemonic.Kxnorq, Mnemonic.Kandnq, Mnemonic.Kshiftlq, Mnemonic.Kshiftrq],
        ];
        for (int size = 0; size < 4; size++)
        {
            int bytes = 1 << size;
            var m = bySize[size];
            table[m[0]] = Move(bytes);
            table[m[1]] = Operation(bytes, (a, _) => ~a);
            table[m[2]] = Operation(bytes, (a, b) => a & b);
            table[m[3]] = Operation(bytes, (a, b) => a | b);
            table[m[4]] = Operation(bytes, (a, b) => a ^ b);
            table[m[5]] = Operation(bytes, (a, b) => ~(a ^ b));
            table[m[6]] = Operation(bytes, (a, b) => ~a & b);
            table[m[7]] = Operation(bytes, (a, n) => n > 63 ? 0 : a << (int)n);
            table[m[8]] = Operation(bytes, (a, n) => n > 63 ? 0 : a >> (int)n);
        }
        table[Mnemonic.Kunpckbw] = (cpu, step) => cpu.Masks[step[0].Number] = (cpu.Integer(step, 1) & 0xff) << 8 | cpu.Integer(step, 2) & 0xff;

        table[Mnemonic.Vptestmb] = Compare<byte>((a, b) => (a & b) != 0);
        table[Mnemonic.Vptestmd] = Compare<uint>((a, b) => (a & b) != 0);
        table[Mnemonic.Vptestnmb] = Compare<byte>((a, b) => (a & b) == 0);
        table[Mnemonic.Vptestnmd] = Compare<uint>((a, b) => (a & b) == 0);
    }

    // A mask is as wide as the instruction says: the bits above become zero.
    private static Handler Move(int bytes) => (cpu, step) =>
    {
        ulong value = Operands.Truncate(cpu.Integer(step, 1), bytes);
        if (step[0].Place == Place.Mask)
            cpu.Masks[step[0].Number] = value;
        else
            cpu.SetInteger(step, 0, value);
    };

    private static Handler Operation(int bytes, Func<ulong, ulong, ulong> operation) => (cpu, step) =>
    {
        ulong a = Operands.Truncate(cpu.Integer(step, 1), bytes);
        ulong b = step.Count < 3 ? 0 : step[2].Place == Place.Immediate ? step.Immediate & 0xff : Operands.Truncate(cpu.Integer(step, 2), bytes);
        cpu.Masks[step[0].Number] = Operands.Truncate(operation(a, b), bytes);
    };

    private static Handler Compare<T>(Func<T, T, bool> operation) where T : unmanaged => (cpu, step) =>
    {
        int bytes = step[1].Bytes;
        T* a = (T*)cpu.Source(step, 1, bytes, sizeof(T)), b = (T*)cpu.Source(step, 2, bytes, sizeof(T));
        ulong result = 0;
        for (int i = 0; i < bytes / sizeof(T); i++)
            result |= operation(a[i], b[i]) ? 1UL << i : 0;
        cpu.Masks[step[0].Number] = result & cpu.ActiveElements(step);
    };
}
