using Iced.Intel;

namespace Ponder.Numerics.Tests.Emulator;

/// <summary>Moves between vector registers, memory and general registers; broadcasts.</summary>
internal static unsafe class VectorMoves
{
    public static void Add(Dictionary<Mnemonic, Handler> table)
    {
        foreach (var mnemonic in (Mnemonic[])[
            Mnemonic.Vmovups, Mnemonic.Vmovupd, Mnemonic.Vmovdqu, Mnemonic.Vmovdqu32, Mnemonic.Vlddqu])
            table[mnemonic] = Move(4);
        table[Mnemonic.Vmovdqu8] = Move(1);
        table[Mnemonic.Vmovdqu16] = Move(2);
        table[Mnemonic.Vmovdqu64] = Move(8);
        table[Mnemonic.Vmovupd] = Move(8);
        foreach (var mnemonic in (Mnemonic[])[
            Mnemonic.Vmovaps, Mnemonic.Vmovdqa, Mnemonic.Vmovdqa32, Mnemonic.Vmovntps, Mnemonic.Vmovntdq, Mnemonic.Vmovntdqa])
            table[mnemonic] = Aligned(Move(4));
        table[Mnemonic.Vmovdqa64] = Aligned(Move(8));
        table[Mnemonic.Vmovapd] = Aligned(Move(8));

        table[Mnemonic.Vmovd] = MoveLow(4);
        table[Mnemonic.Vmovq] = MoveLow(8);
        table[Mnemonic.Vmovss] = MoveScalar;

        table[Mnemonic.Vbroadcastss] = Broadcast(4, 4);
        table[Mnemonic.Vbroadcastsd] = Broadcast(8, 8);
        table[Mnemonic.Vpbroadcastb] = Broadcast(1, 1);
        table[Mnemonic.Vpbroadcastw] = Broadcast(2, 2);
        table[Mnemonic.Vpbroadcastd] = Broadcast(4, 4);
        table[Mnemonic.Vpbroadcastq] = Broadcast(8, 8);
        table[Mnemonic.Vbroadcasti128] = Broadcast(16, 4);
        table[Mnemonic.Vbroadcastf128] = Broadcast(16, 4);
        table[Mnemonic.Vbroadcasti32x4] = Broadcast(16, 4);
        table[Mnemonic.Vbroadcastf32x4] = Broadcast(16, 4);
        table[Mnemonic.Vbroadcasti64x2] = Broadcast(16, 8);
        table[Mnemonic.Vbroadcasti32x8] = Broadcast(32, 4);
        table[Mnemonic.Vbroadcasti64x4] = Broadcast(32, 8);
        table[Mnemonic.Vbroadcastf64x4] = Broadcast(32, 8);

        // Clears bits 128 and up of registers 0 to 15; 16 to 31 stay as they are.
        table[Mnemonic.Vzeroupper] = (cpu, _) =>
        {
            for (int i = 0; i < 16; i++)
                new Span<byte>(cpu.Vector(i) + 16, Cpu.VectorBytes - 16).Clear();
        };
    }

    private static Handler Move(int element) => (cpu, step) =>
    {
        int bytes = step.VectorBytes();
        Operands.Copy(cpu.Source(step, 1, bytes, element), cpu.Result, bytes);
        cpu.SetVector(step, 0, bytes, element);
    };

    private static Handler Aligned(Handler move) => (cpu, step) =>
    {
        int memory = step[0].Place == Place.Memory ? 0 : step[1].Place == Place.Memory ? 1 : -1;
        if (memory >= 0 && step.Address(cpu) % (ulong)step.VectorBytes() != 0)
            throw new MisalignedAccessException(step, $"0x{step.Address(cpu):x} is no multiple of {step.VectorBytes()}.");
        move(cpu, step);
    };

    // Between the low bytes of a vector register and a general register or memory.
    private static Handler MoveLow(int bytes) => (cpu, step) =>
    {
        if (step[0].Place == Place.Vector)
        {
            *(ulong*)cpu.Result = step[1].Place == Place.Vector ? *(ulong*)cpu.Vector(step[1].Number) : cpu.Integer(step, 1);
            cpu.SetVector(step, 0, bytes, bytes);
        }
        else
        {
            cpu.SetInteger(step, 0, Operands.Truncate(*(ulong*)cpu.Vector(step[1].Number), bytes));
        }
    };

    // Loads clear the rest of the register, stores write four bytes; the form with three registers takes bits 32 to 127 from the first source.
    private static void MoveScalar(Cpu cpu, Step step)
    {
        if (step.Count == 2)
        {
            *(uint*)cpu.Result = *(uint*)cpu.Source(step, 1, 4, 4);
            cpu.SetVector(step, 0, 4, 4);
            return;
        }
        if (step.MaskRegister != 0)
            throw new UnknownInstructionException(step, "this form is not emulated.");
        Operands.Copy(cpu.Vector(step[1].Number), cpu.Result, 16);
        *(uint*)cpu.Result = *(uint*)cpu.Vector(step[2].Number);
        cpu.SetVector(step, 0, 16, 4);
    }

    private static Handler Broadcast(int group, int element) => (cpu, step) =>
    {
        int bytes = step[0].Bytes;
        byte* source;
        ulong integer;
        if (step[1].Place == Place.General)
        {
            integer = cpu.Integer(step, 1);
            source = (byte*)&integer;
        }
        else
        {
            source = step[1].Place == Place.Memory ? cpu.Memory.Read(step, step.Address(cpu), group) : cpu.Vector(step[1].Number);
        }
        for (int i = 0; i < bytes; i += group)
            Operands.Copy(source, cpu.Result + i, group);
        cpu.SetVector(step, 0, bytes, element);
    };
}
