using Iced.Intel;

namespace Ponder.Numerics.Tests.Emulator;

/// <summary>Instructions that bring elements to other places. None of them suppresses faults: memory is read whole.</summary>
internal static unsafe class Permutes
{
    private const int Block = 16;       // bytes of the blocks that many of these keep apart

    public static void Add(Dictionary<Mnemonic, Handler> table)
    {
        // A byte whose index has its top bit set becomes zero.
        table[Mnemonic.Vpshufb] = Gather(1, (cpu, a, b, i) => (b[i] & 0x80) != 0 ? -1 : i / Block * Block + (b[i] & 15));
        table[Mnemonic.Vpshufd] = ByImmediate(4, (immediate, i) => i / 4 * 4 + (int)(immediate >> i % 4 * 2 & 3));
        table[Mnemonic.Vpermq] = ByImmediate(8, (immediate, i) => i / 4 * 4 + (int)(immediate >> i % 4 * 2 & 3));
        table[Mnemonic.Vpermpd] = table[Mnemonic.Vpermq];
        table[Mnemonic.Vpermd] = Permute<uint>();
        table[Mnemonic.Vpermps] = Permute<uint>();
        table[Mnemonic.Vpermw] = Permute<ushort>();
        table[Mnemonic.Vpermb] = Permute<byte>();
        table[Mnemonic.Vpermt2d] = PermuteTwo<uint>(indices: 1, first: 0);
        table[Mnemonic.Vpermt2ps] = PermuteTwo<uint>(indices: 1, first: 0);
        table[Mnemonic.Vpermt2w] = PermuteTwo<ushort>(indices: 1, first: 0);
        table[Mnemonic.Vpermt2b] = PermuteTwo<byte>(indices: 1, first: 0);
        table[Mnemonic.Vpermi2d] = PermuteTwo<uint>(indices: 0, first: 1);
        table[Mnemonic.Vpermi2ps] = PermuteTwo<uint>(indices: 0, first: 1);
        table[Mnemonic.Vpermi2w] = PermuteTwo<ushort>(indices: 0, first: 1);
        table[Mnemonic.Vpermi2b] = PermuteTwo<byte>(indices: 0, first: 1);

        table[Mnemonic.Vpunpcklbw] = Interleave(1, 0);
        table[Mnemonic.Vpunpckhbw] = Interleave(1, 8);
        table[Mnemonic.Vpunpcklwd] = Interleave(2, 0);
        table[Mnemonic.Vpunpckhwd] = Interleave(2, 8);
        table[Mnemonic.Vpunpckldq] = Interleave(4, 0);
        table[Mnemonic.Vpunpckhdq] = Interleave(4, 8);
        table[Mnemonic.Vunpcklps] = Interleave(4, 0);
        table[Mnemonic.Vunpckhps] = Interleave(4, 8);
        table[Mnemonic.Vpunpcklqdq] = Interleave(8, 0);
        table[Mnemonic.Vpunpckhqdq] = Interleave(8, 8);

        table[Mnemonic.Vpacksswb] = Pack<short, sbyte>(a => (sbyte)Math.Clamp(a, sbyte.MinValue, sbyte.MaxValue));
        table[Mnemonic.Vpackuswb] = Pack<short, byte>(a => (byte)Math.Clamp((int)a, byte.MinValue, byte.MaxValue));
        table[Mnemonic.Vpackssdw] = Pack<int, short>(a => (short)Math.Clamp(a, short.MinValue, short.MaxValue));
        table[Mnemonic.Vpackusdw] = Pack<int, ushort>(a => (ushort)Math.Clamp(a, ushort.MinValue, ushort.MaxValue));

        foreach (var mnemonic in (Mnemonic[])[Mnemonic.Vextracti128, Mnemonic.Vextractf128, Mnemonic.Vextracti32x4, Mnemonic.Vextractf32x4])
            table[mnemonic] = Extract(16, 4);
        table[Mnemonic.Vextracti32x8] = Extract(32, 4);
        table[Mnemonic.Vextractf32x8] = Extract(32, 4);
        table[Mnemonic.Vextracti64x4] = Extract(32, 8);
        table[Mnemonic.Vextractf64x4] = Extract(32, 8);
        foreach (var mnemonic in (Mnemonic[])[Mnemonic.Vinserti128, Mnemonic.Vinsertf128, Mnemonic.Vinserti32x4, Mnemonic.Vinsertf32x4])
            table[mnemonic] = Insert(16, 4);
        table[Mnemonic.Vinserti32x8] = Insert(32, 4);
        table[Mnemonic.Vinsertf32x8] = Insert(32, 4);
        table[Mnemonic.Vinserti64x4] = Insert(32, 8);
        table[Mnemonic.Vinsertf64x4] = Insert(32, 8);
    }

    // Element i of the result is the element of the first source that index(first, second, i) names; below 0 it is zero.
    private unsafe delegate int Index(Cpu cpu, byte* first, byte* second, int i);

    private static Handler Gather(int element, Index index) => (cpu, step) =>
    {
        int bytes = step[0].Bytes;
        byte* a = cpu.WholeSource(step, 1, bytes), b = cpu.WholeSource(step, 2, bytes);
        new Span<byte>(cpu.Result, bytes).Clear();
        for (int i = 0; i < bytes / element; i++)
        {
            int from = index(cpu, a, b, i);
            if (from >= 0)
                Operands.Copy(a + from * element, cpu.Result + i * element, element);
        }
        cpu.SetVector(step, 0, bytes, element);
    };

    private static Handler ByImmediate(int element, Func<ulong, int, int> index) => (cpu, step) =>
    {
        if (step[2].Place != Place.Immediate)
            throw new UnknownInstructionException(step, "this form is not emulated.");
        int bytes = step[0].Bytes;
        byte* source = cpu.Source(step, 1, bytes, element);
        for (int i = 0; i < bytes / element; i++)
            Operands.Copy(source + index(step.Immediate, i) * element, cpu.Result + i * element, element);
        cpu.SetVector(step, 0, bytes, element);
    };

    // The first source holds indices into the second.
    private static Handler Permute<T>() where T : unmanaged => (cpu, step) =>
    {
        int bytes = step[0].Bytes, count = bytes / sizeof(T);
        T* indices = (T*)cpu.WholeSource(step, 1, bytes), values = (T*)cpu.WholeSource(step, 2, bytes);
        for (int i = 0; i < count; i++)
            ((T*)cpu.Result)[i] = values[IndexAt(indices, i) & (count - 1)];
        cpu.SetVector(step, 0, bytes, sizeof(T));
    };

    // Indices reach over two tables, of which the second is the last operand.
    private static Handler PermuteTwo<T>(int indices, int first) where T : unmanaged => (cpu, step) =>
    {
        int bytes = step[0].Bytes, count = bytes / sizeof(T);
        T* index = (T*)cpu.Vector(step[indices].Number), low = (T*)cpu.Vector(step[first].Number), high = (T*)cpu.WholeSource(step, 2, bytes);
        for (int i = 0; i < count; i++)
        {
            int wanted = IndexAt(index, i) & (2 * count - 1);
            ((T*)cpu.Result)[i] = wanted < count ? low[wanted] : high[wanted - count];
        }
        cpu.SetVector(step, 0, bytes, sizeof(T));
    };

    private static int IndexAt<T>(T* indices, int i) where T : unmanaged =>
        sizeof(T) switch { 1 => ((byte*)indices)[i], 2 => ((ushort*)indices)[i], _ => ((int*)indices)[i] };

    // From every block of both sources the elements from byte `half` on, in turn.
    private static Handler Interleave(int element, int half) => (cpu, step) =>
    {
        int bytes = step[0].Bytes;
        byte* a = cpu.WholeSource(step, 1, bytes), b = cpu.WholeSource(step, 2, bytes);
        for (int i = 0; i < bytes; i += 2 * element)
        {
            int from = i / Block * Block + half + i % Block / 2;
            Operands.Copy(a + from, cpu.Result + i, element);
            Operands.Copy(b + from, cpu.Result + i + element, element);
        }
        cpu.SetVector(step, 0, bytes, element);
    };

    // Every block of the result has a block of the first source, narrowed, and one of the second.
    private static Handler Pack<TFrom, TTo>(Func<TFrom, TTo> narrow) where TFrom : unmanaged where TTo : unmanaged => (cpu, step) =>
    {
        int bytes = step[0].Bytes, perBlock = Block / sizeof(TFrom);
        TFrom* a = (TFrom*)cpu.WholeSource(step, 1, bytes), b = (TFrom*)cpu.WholeSource(step, 2, bytes);
        TTo* result = (TTo*)cpu.Result;
        for (int i = 0; i < bytes / sizeof(TFrom); i++)
        {
            int to = i / perBlock * perBlock * 2 + i % perBlock;
            result[to] = narrow(a[i]);
            result[to + perBlock] = narrow(b[i]);
        }
        cpu.SetVector(step, 0, bytes, sizeof(TTo));
    };

    private static Handler Extract(int part, int element) => (cpu, step) =>
    {
        int index = (int)step.Immediate & (step[1].Bytes / part - 1);
        Operands.Copy(cpu.Vector(step[1].Number) + index * part, cpu.Result, part);
        cpu.SetVector(step, 0, part, element);
    };

    private static Handler Insert(int part, int element) => (cpu, step) =>
    {
        int bytes = step[0].Bytes, index = (int)step.Immediate & (bytes / part - 1);
        Operands.Copy(cpu.Vector(step[1].Number), cpu.Result, bytes);
        byte* source = step[2].Place == Place.Memory ? cpu.Memory.Read(step, step.Address(cpu), part) : cpu.Vector(step[2].Number);
        Operands.Copy(source, cpu.Result + index * part, part);
        cpu.SetVector(step, 0, bytes, element);
    };
}
