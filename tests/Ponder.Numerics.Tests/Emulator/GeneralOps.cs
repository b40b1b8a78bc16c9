using System.Numerics;
using Iced.Intel;

namespace Ponder.Numerics.Tests.Emulator;

/// <summary>Instructions of the general registers, with their flags as far as those are defined.</summary>
internal static unsafe class GeneralOps
{
    public static void Add(Dictionary<Mnemonic, Handler> table)
    {
        table[Mnemonic.Mov] = (cpu, step) => cpu.SetInteger(step, 0, cpu.Integer(step, 1));
        table[Mnemonic.Movzx] = table[Mnemonic.Mov];
        table[Mnemonic.Movsx] = (cpu, step) => cpu.SetInteger(step, 0, (ulong)Signed(cpu.Integer(step, 1), step[1].Bytes));
        table[Mnemonic.Movsxd] = table[Mnemonic.Movsx];
        table[Mnemonic.Lea] = (cpu, step) => cpu.SetInteger(step, 0, step.Address(cpu));

        table[Mnemonic.Add] = (cpu, step) => cpu.SetInteger(step, 0, Sum(cpu, step, cpu.Integer(step, 1)));
        table[Mnemonic.Sub] = (cpu, step) => cpu.SetInteger(step, 0, Difference(cpu, step, cpu.Integer(step, 0), cpu.Integer(step, 1)));
        table[Mnemonic.Cmp] = (cpu, step) => Difference(cpu, step, cpu.Integer(step, 0), cpu.Integer(step, 1));
        table[Mnemonic.Neg] = (cpu, step) => cpu.SetInteger(step, 0, Difference(cpu, step, 0, cpu.Integer(step, 0)));
        table[Mnemonic.Inc] = KeepingCarry((cpu, step) => cpu.SetInteger(step, 0, Sum(cpu, step, 1)));
        table[Mnemonic.Dec] = KeepingCarry((cpu, step) => cpu.SetInteger(step, 0, Difference(cpu, step, cpu.Integer(step, 0), 1)));
        table[Mnemonic.And] = (cpu, step) => cpu.SetInteger(step, 0, Logic(cpu, step, cpu.Integer(step, 0) & cpu.Integer(step, 1)));
        table[Mnemonic.Or] = (cpu, step) => cpu.SetInteger(step, 0, Logic(cpu, step, cpu.Integer(step, 0) | cpu.Integer(step, 1)));
        table[Mnemonic.Xor] = (cpu, step) => cpu.SetInteger(step, 0, Logic(cpu, step, cpu.Integer(step, 0) ^ cpu.Integer(step, 1)));
        table[Mnemonic.Test] = (cpu, step) => Logic(cpu, step, cpu.Integer(step, 0) & cpu.Integer(step, 1));
        table[Mnemonic.Not] = (cpu, step) => cpu.SetInteger(step, 0, ~cpu.Integer(step, 0));
        table[Mnemonic.Imul] = Multiply;
        table[Mnemonic.Shl] = Shift;
        table[Mnemonic.Sal] = Shift;
        table[Mnemonic.Shr] = Shift;
        table[Mnemonic.Sar] = Shift;
        table[Mnemonic.Shlx] = ShiftByRegister((value, count, _) => value << count);
        table[Mnemonic.Shrx] = ShiftByRegister((value, count, _) => value >> count);
        table[Mnemonic.Sarx] = ShiftByRegister((value, count, bytes) => (ulong)(Signed(value, bytes) >> count));
        table[Mnemonic.Bzhi] = (cpu, step) =>
        {
            int bits = 8 * step[0].Bytes, index = (int)(cpu.Integer(step, 2) & 0xff);
            ulong value = cpu.Integer(step, 1);
            ulong result = index < bits ? value & ((1UL << index) - 1) : value;
            Logic(cpu, step, result);
            cpu.Carry = index >= bits;
            cpu.SetInteger(step, 0, result);
        };

        table[Mnemonic.Push] = (cpu, step) =>
        {
            ulong value = cpu.Integer(step, 0);
            cpu.General[Cpu.Rsp] -= 8;
            *(ulong*)cpu.Memory.Write(step, cpu.General[Cpu.Rsp], 8) = value;
        };
        table[Mnemonic.Pop] = (cpu, step) =>
        {
            ulong value = *(ulong*)cpu.Memory.Read(step, cpu.General[Cpu.Rsp], 8);
            cpu.General[Cpu.Rsp] += 8;
            cpu.SetInteger(step, 0, value);
        };

        // Hints do not fault, whatever their address.
        foreach (var hint in (Mnemonic[])[
            Mnemonic.Nop, Mnemonic.Pause, Mnemonic.Sfence, Mnemonic.Prefetcht0, Mnemonic.Prefetcht1, Mnemonic.Prefetcht2, Mnemonic.Prefetchnta, Mnemonic.Prefetchw])
            table[hint] = (_, _) => { };
    }

    public static long Signed(ulong value, int bytes) => (long)(value << 64 - 8 * bytes) >> 64 - 8 * bytes;

    private static void SetResultFlags(Cpu cpu, ulong result, int bytes)
    {
        cpu.Zero = Operands.Truncate(result, bytes) == 0;
        cpu.Sign = Signed(result, bytes) < 0;
        cpu.Parity = BitOperations.PopCount(result & 0xff) % 2 == 0;
    }

    private static ulong Sum(Cpu cpu, Step step, ulong b)
    {
        int bytes = step[0].Bytes;
        ulong a = cpu.Integer(step, 0), result = Operands.Truncate(a + b, bytes);
        SetResultFlags(cpu, result, bytes);
        cpu.Carry = result < a;
        cpu.Overflow = Signed((a ^ result) & (b ^ result), bytes) < 0;
        return result;
    }

    private static ulong Difference(Cpu cpu, Step step, ulong a, ulong b)
    {
        int bytes = step[0].Bytes;
        b = Operands.Truncate(b, bytes);
        ulong result = a - b;
        SetResultFlags(cpu, result, bytes);
        cpu.Carry = a < b;
        cpu.Overflow = Signed((a ^ b) & (a ^ result), bytes) < 0;
        return result;
    }

    private static ulong Logic(Cpu cpu, Step step, ulong result)
    {
        SetResultFlags(cpu, result, step[0].Bytes);
        cpu.Carry = cpu.Overflow = false;
        return result;
    }

    private static Handler KeepingCarry(Handler handler) => (cpu, step) =>
    {
        bool carry = cpu.Carry;
        handler(cpu, step);
        cpu.Carry = carry;
    };

    private static void Multiply(Cpu cpu, Step step)
    {
        if (step.Count < 2)
            throw new UnknownInstructionException(step, "this form is not emulated.");
        int bytes = step[0].Bytes;
        long a = Signed(cpu.Integer(step, step.Count - 2), bytes), b = Signed(cpu.Integer(step, step.Count - 1), bytes);
        var product = (Int128)a * b;
        cpu.Carry = cpu.Overflow = product != Signed((ulong)(long)product, bytes);
        cpu.SetInteger(step, 0, (ulong)(long)product);
    }

    private static void Shift(Cpu cpu, Step step)
    {
        int bytes = step[0].Bytes, bits = 8 * bytes, count = (int)cpu.Integer(step, 1) & (bytes == 8 ? 63 : 31);
        ulong value = cpu.Integer(step, 0);
        if (count == 0)
        {
            cpu.SetInteger(step, 0, value);
            return;
        }
        ulong result;
        switch (step.Mnemonic)
        {
            case Mnemonic.Shr:
                result = value >> count;
                cpu.Carry = (value >> count - 1 & 1) != 0;
                cpu.Overflow = Signed(value, bytes) < 0;
                break;
            case Mnemonic.Sar:
                result = (ulong)(Signed(value, bytes) >> count);
                cpu.Carry = (Signed(value, bytes) >> count - 1 & 1) != 0;
                cpu.Overflow = false;
                break;
            default:
                result = value << count;
                cpu.Carry = count <= bits && (value >> bits - count & 1) != 0;
                cpu.Overflow = Signed(result, bytes) < 0 != cpu.Carry;
                break;
        }
        SetResultFlags(cpu, result, bytes);
        cpu.SetInteger(step, 0, result);
    }

    private static Handler ShiftByRegister(Func<ulong, int, int, ulong> operation) => (cpu, step) =>
    {
        int bytes = step[0].Bytes;
        cpu.SetInteger(step, 0, operation(cpu.Integer(step, 1), (int)cpu.Integer(step, 2) & (8 * bytes - 1), bytes));
    };
}
