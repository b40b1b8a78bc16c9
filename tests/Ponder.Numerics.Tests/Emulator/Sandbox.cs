using Iced.Intel;
using Ponder.Numerics.CodeGen;
using static Iced.Intel.AssemblerRegisters;

namespace Ponder.Numerics.Tests.Emulator;

/// <summary>
/// A kernel that runs snippets one after another, each with a slot of memory of its own: it loads registers from the slot, runs the snippet, and
/// stores them back with the flags. Memory operands lie in the slot too.
/// </summary>
internal static class Sandbox
{
    /// <summary>Bytes of a slot.</summary>
    public const int SlotBytes = MemoryOffset + 128;

    private const int MaskOffset = 6 * 64, GeneralOffset = MaskOffset + 3 * 8, FlagOffset = GeneralOffset + 4 * 8, MemoryOffset = 512;

    /// <summary>Vector registers that are filled on a machine with AVX-512; the others have the low ones, 32 bytes each.</summary>
    public static IReadOnlyList<int> Vectors { get; } = [0, 1, 9, 14, 18, 31];

    public static IReadOnlyList<int> LowVectors { get; } = [0, 1, 9, 14];

    public static IReadOnlyList<Register> Masks { get; } = [Register.K1, Register.K2, Register.K5];

    /// <summary>RAX, RCX, RDX, R9.</summary>
    public static IReadOnlyList<int> General { get; } = [0, 1, 2, 9];

    /// <summary>Points to 128 bytes of the slot.</summary>
    public const Register MemoryPointer = Register.RSI;

    /// <summary>The kernel.</summary>
    /// <param name="snippets">Use the registers named here, and no others.</param>
    /// <param name="undefinedFlags">Flags that are not stored: letters of "czsop".</param>
    public static byte[] Generate(IReadOnlyList<Action<Assembler>> snippets, string undefinedFlags)
    {
        var kernel = new KernelAssembler(KernelAssembler.Native);
        var c = kernel.Code;
        kernel.Begin();
        c.lea(MemoryRegister, __[KernelAssembler.Arguments + MemoryOffset]);
        foreach (var snippet in snippets)
        {
            MoveRegisters(c, load: true);
            c.cmp(r9, rcx);                 // flags of the slot's choosing
            snippet(c);
            MoveRegisters(c, load: false);  // leaves flags alone
            StoreFlags(c, undefinedFlags);
            c.add(rdi, SlotBytes);
            c.add(MemoryRegister, SlotBytes);
        }
        kernel.End();
        return kernel.Assemble();
    }

    private static AssemblerRegister64 MemoryRegister => rsi;

    private static void MoveRegisters(Assembler c, bool load)
    {
        for (int i = 0; i < Vectors.Count; i++)
        {
            var memory = __[rdi + i * 64];
            if (CpuFeatures.Avx512Vnni)
            {
                var register = new AssemblerRegisterZMM(Register.ZMM0 + Vectors[i]);
                if (load) c.vmovups(register, memory); else c.vmovups(memory, register);
            }
            else if (CpuFeatures.Avx2 && i < LowVectors.Count)
            {
                var register = new AssemblerRegisterYMM(Register.YMM0 + LowVectors[i]);
                if (load) c.vmovups(register, memory); else c.vmovups(memory, register);
            }
        }
        for (int i = 0; i < Masks.Count && CpuFeatures.Avx512Vnni; i++)
        {
            var register = new AssemblerRegisterK(Masks[i]);
            var memory = __[rdi + MaskOffset + i * 8];
            if (load) c.kmovq(register, memory); else c.kmovq(memory, register);
        }
        for (int i = 0; i < General.Count; i++)
        {
            var register = new AssemblerRegister64(Register.RAX + General[i]);
            var memory = __[rdi + GeneralOffset + i * 8];
            if (load) c.mov(register, memory); else c.mov(memory, register);
        }
    }

    private static void StoreFlags(Assembler c, string undefined)
    {
        void Store(char flag, int index, Action<AssemblerRegister64, AssemblerRegister64> moveIfSet)
        {
            if (undefined.Contains(flag, StringComparison.Ordinal))
                return;
            c.mov(r10, 0);
            moveIfSet(r10, r11);
            c.mov(__[rdi + FlagOffset + index * 8], r10);
        }

        c.mov(r11, 1);
        Store('c', 0, (a, b) => c.cmovc(a, b));
        Store('z', 1, (a, b) => c.cmovz(a, b));
        Store('s', 2, (a, b) => c.cmovs(a, b));
        Store('o', 3, (a, b) => c.cmovo(a, b));
        Store('p', 4, (a, b) => c.cmovp(a, b));
    }
}
