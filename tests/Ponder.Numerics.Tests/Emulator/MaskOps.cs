using Iced.Intel;

namespace Ponder.Numerics.Tests.Emulator;

/// <summary>Mask registers, and comparisons that write them.</summary>
internal static unsafe class MaskOps
{
    public static void Add(Dictionary<Mnemonic, Handler> table)
    {
        // One name for every width: kmovb, kmovw, kmovd, kmovq.
        foreach (var (letter, bytes) in (ReadOnlySpan<(char, int)>)[('b', 1), ('w', 2), ('d', 4), ('q', 8)])
        {
            Mnemonic Name(string name) => Enum.Parse<Mnemonic>(name + letter);
            table[Name("Kmov")] = Move(bytes);
            table[Name("Knot")] = Operation(bytes, (a, _) => ~a);
            table[Name("Kand")] = Operation(bytes, (a, b) => a & b);
            table[Name("Kor")] = Operation(bytes, (a, b) => a | b);
            table[Name("Kxor")] = Operation(bytes, (a, b) => a ^ b);
            table[Name("Kxnor")] = Operation(bytes, (a, b) => ~(a ^ b));
            table[Name("Kandn")] = Operation(bytes, (a, b) => ~a & b);
            table[Name("Kshiftl")] = Operation(bytes, (a, n) => n > 63 ? 0 : a << (int)n);
            table[Name("Kshiftr")] = Operation(bytes, (a, n) => n > 63 ? 0 : a >> (int)n);
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
