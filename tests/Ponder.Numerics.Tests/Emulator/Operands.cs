namespace Ponder.Numerics.Tests.Emulator;

/// <summary>Reads and writes operands: registers, memory, broadcasts, masks.</summary>
internal static unsafe class Operands
{
    /// <summary>A general register, memory or immediate as an integer, zero-extended.</summary>
    public static ulong Integer(this Cpu cpu, Step step, int operand)
    {
        var (place, number, bytes) = step[operand];
        return place switch
        {
            Place.General => Truncate(cpu.General[number], bytes),
            Place.Memory => Load(cpu.Memory.Read(step, step.Address(cpu), bytes), bytes),
            Place.Immediate => step.Immediate,
            Place.Mask => cpu.Masks[number],
            _ => throw new UnknownInstructionException(step, "this form is not emulated."),
        };
    }

    /// <summary>Writes an integer to a register or to memory. 32 bits clear the upper half of a register, 8 and 16 leave the rest.</summary>
    public static void SetInteger(this Cpu cpu, Step step, int operand, ulong value)
    {
        var (place, number, bytes) = step[operand];
        switch (place)
        {
            case Place.General:
                ulong kept = bytes < 4 ? cpu.General[number] & ~Truncate(ulong.MaxValue, bytes) : 0;
                cpu.General[number] = kept | Truncate(value, bytes);
                break;
            case Place.Memory:
                new ReadOnlySpan<byte>(&value, bytes).CopyTo(new Span<byte>(cpu.Memory.Write(step, step.Address(cpu), bytes), bytes));
                break;
            default:
                throw new UnknownInstructionException(step, "this form is not emulated.");
        }
    }

    /// <summary>The low bytes of an integer.</summary>
    public static ulong Truncate(ulong value, int bytes) => bytes == 8 ? value : value & ((1UL << 8 * bytes) - 1);

    /// <summary>The elements that a masked instruction works on: bit i for element i.</summary>
    public static ulong ActiveElements(this Cpu cpu, Step step) => step.MaskRegister == 0 ? ulong.MaxValue : cpu.Masks[step.MaskRegister];

    /// <summary>
    /// A vector operand of <paramref name="bytes"/> bytes. Broadcasts are spread; of masked memory only the active elements are touched, as a processor does
    /// that suppresses faults.
    /// </summary>
    public static byte* Source(this Cpu cpu, Step step, int operand, int bytes, int element)
    {
        var (place, number, _) = step[operand];
        if (place == Place.Vector)
            return cpu.Vector(number);
        if (place != Place.Memory)
            throw new UnknownInstructionException(step, "this form is not emulated.");
        ulong address = step.Address(cpu);
        if (!step.Broadcast && step.MaskRegister == 0)
            return cpu.Memory.Read(step, address, bytes);
        byte* scratch = cpu.Scratch(operand);
        new Span<byte>(scratch, Cpu.VectorBytes).Clear();
        ulong active = cpu.ActiveElements(step);
        for (int i = 0; i < bytes / element; i++)
        {
            if ((active >> i & 1) != 0)
                Copy(cpu.Memory.Read(step, address + (step.Broadcast ? 0 : (ulong)(i * element)), element), scratch + i * element, element);
        }
        return scratch;
    }

    /// <summary>A vector operand that is read whole, whatever the mask says.</summary>
    public static byte* WholeSource(this Cpu cpu, Step step, int operand, int bytes) =>
        step[operand].Place == Place.Memory && !step.Broadcast
            ? cpu.Memory.Read(step, step.Address(cpu), bytes)
            : cpu.Source(step, operand, bytes, 4);

    /// <summary>Writes <see cref="Cpu.Result"/> to a vector register, whose remaining bytes become zero, or to memory; the mask applies.</summary>
    public static void SetVector(this Cpu cpu, Step step, int operand, int bytes, int element)
    {
        var (place, number, _) = step[operand];
        ulong active = cpu.ActiveElements(step);
        if (place == Place.Memory)
        {
            ulong address = step.Address(cpu);
            if (step.MaskRegister == 0)
                Copy(cpu.Result, cpu.Memory.Write(step, address, bytes), bytes);
            else
                for (int i = 0; i < bytes / element; i++)
                    if ((active >> i & 1) != 0)
                        Copy(cpu.Result + i * element, cpu.Memory.Write(step, address + (ulong)(i * element), element), element);
            return;
        }
        if (place != Place.Vector)
            throw new UnknownInstructionException(step, "this form is not emulated.");
        byte* target = cpu.Vector(number);
        if (step.MaskRegister == 0)
        {
            Copy(cpu.Result, target, bytes);
        }
        else
        {
            for (int i = 0; i < bytes / element; i++)
            {
                if ((active >> i & 1) != 0)
                    Copy(cpu.Result + i * element, target + i * element, element);
                else if (step.Zeroing)
                    new Span<byte>(target + i * element, element).Clear();
            }
        }
        new Span<byte>(target + bytes, Cpu.VectorBytes - bytes).Clear();
    }

    /// <summary>Bytes that the vectors of an instruction have: those of its widest register.</summary>
    public static int VectorBytes(this Step step)
    {
        int bytes = 0;
        for (int i = 0; i < step.Count; i++)
            if (step[i].Place == Place.Vector)
                bytes = Math.Max(bytes, step[i].Bytes);
        return bytes;
    }

    public static void Copy(byte* from, byte* to, int bytes) => Buffer.MemoryCopy(from, to, bytes, bytes);

    private static ulong Load(byte* from, int bytes)
    {
        ulong value = 0;
        Copy(from, (byte*)&value, bytes);
        return value;
    }
}
