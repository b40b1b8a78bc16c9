using Iced.Intel;

namespace Ponder.Numerics.Tests.Emulator;

/// <summary>Jumps, the return, and what depends on flags.</summary>
internal static unsafe class Branches
{
    public static void Add(Dictionary<Mnemonic, Handler> table)
    {
        table[Mnemonic.Jmp] = Jump;
        table[Mnemonic.Ret] = (cpu, step) =>
        {
            if (step.Count > 0)
                throw new UnknownInstructionException(step, "this form is not emulated.");
            cpu.General[Cpu.Rsp] += 8;
            cpu.Next = Cpu.Returned;
        };
        foreach (var mnemonic in (Mnemonic[])[
            Mnemonic.Ja, Mnemonic.Jae, Mnemonic.Jb, Mnemonic.Jbe, Mnemonic.Je, Mnemonic.Jne, Mnemonic.Jg, Mnemonic.Jge, Mnemonic.Jl, Mnemonic.Jle,
            Mnemonic.Js, Mnemonic.Jns, Mnemonic.Jo, Mnemonic.Jno, Mnemonic.Jp, Mnemonic.Jnp])
        {
            table[mnemonic] = (cpu, step) =>
            {
                if (Holds(cpu, step.Condition))
                    Jump(cpu, step);
            };
        }
        foreach (var mnemonic in (Mnemonic[])[
            Mnemonic.Cmova, Mnemonic.Cmovae, Mnemonic.Cmovb, Mnemonic.Cmovbe, Mnemonic.Cmove, Mnemonic.Cmovne, Mnemonic.Cmovg, Mnemonic.Cmovge,
            Mnemonic.Cmovl, Mnemonic.Cmovle, Mnemonic.Cmovs, Mnemonic.Cmovns])
        {
            // The destination is written either way: the upper half of a 32-bit register becomes zero.
            table[mnemonic] = (cpu, step) =>
            {
                ulong source = cpu.Integer(step, 1);
                cpu.SetInteger(step, 0, Holds(cpu, step.Condition) ? source : cpu.Integer(step, 0));
            };
        }
    }

    private static void Jump(Cpu cpu, Step step)
    {
        if (step[0].Place != Place.Branch)
            throw new UnknownInstructionException(step, "this form is not emulated.");
        cpu.Next = step.Target;
    }

    private static bool Holds(Cpu cpu, ConditionCode condition) => condition switch
    {
        ConditionCode.o => cpu.Overflow,
        ConditionCode.no => !cpu.Overflow,
        ConditionCode.b => cpu.Carry,
        ConditionCode.ae => !cpu.Carry,
        ConditionCode.e => cpu.Zero,
        ConditionCode.ne => !cpu.Zero,
        ConditionCode.be => cpu.Carry || cpu.Zero,
        ConditionCode.a => !cpu.Carry && !cpu.Zero,
        ConditionCode.s => cpu.Sign,
        ConditionCode.ns => !cpu.Sign,
        ConditionCode.p => cpu.Parity,
        ConditionCode.np => !cpu.Parity,
        ConditionCode.l => cpu.Sign != cpu.Overflow,
        ConditionCode.ge => cpu.Sign == cpu.Overflow,
        ConditionCode.le => cpu.Zero || cpu.Sign != cpu.Overflow,
        ConditionCode.g => !cpu.Zero && cpu.Sign == cpu.Overflow,
        _ => throw new InvalidOperationException($"{condition} is no condition."),
    };
}
