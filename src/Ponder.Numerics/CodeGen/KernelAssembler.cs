using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Ponder.Numerics.CodeGen;

/// <summary>
/// Frame of a kernel: one argument, the address of a struct, arrives in <see cref="Arguments"/>; between <see cref="Begin"/> and
/// <see cref="End"/> the generator may use every register but RSP.
/// </summary>
internal sealed class KernelAssembler(CallingConvention convention)
{
    private static readonly AssemblerRegister64[] SavedEverywhere = [rbx, rbp, r12, r13, r14, r15];
    private static readonly AssemblerRegister64[] SavedOnWindows = [rsi, rdi];
    private static readonly AssemblerRegisterXMM[] SavedVectorsOnWindows = [xmm6, xmm7, xmm8, xmm9, xmm10, xmm11, xmm12, xmm13, xmm14, xmm15];

    private long _frame;

    /// <summary>The convention of the machine that runs this process.</summary>
    public static CallingConvention Native => OperatingSystem.IsWindows() ? CallingConvention.Windows : CallingConvention.SystemV;

    /// <summary>The instructions.</summary>
    public Assembler Code { get; } = new(64);

    /// <summary>Holds the argument after <see cref="Begin"/>.</summary>
    public static AssemblerRegister64 Arguments => rdi;

    private AssemblerRegister64[] Saved => convention == CallingConvention.Windows ? [.. SavedEverywhere, .. SavedOnWindows] : SavedEverywhere;

    /// <summary>Saves the caller's registers. <paramref name="frame"/> bytes of 64-byte-aligned memory lie at RSP afterwards.</summary>
    /// <param name="frame">Bytes, 0 or more; zmm spills and tables.</param>
    public void Begin(int frame = 0)
    {
        foreach (var register in Saved)
            Code.push(register);
        if (convention == CallingConvention.Windows)
        {
            Code.sub(rsp, SavedVectorsOnWindows.Length * 16);
            for (int i = 0; i < SavedVectorsOnWindows.Length; i++)
                Code.vmovups(__xmmword_ptr[rsp + i * 16], SavedVectorsOnWindows[i]);
            Code.mov(rdi, rcx);
        }
        _frame = frame;
        if (frame == 0)
            return;
        // The stack is aligned to 16 only: keep the old pointer above the aligned frame.
        Code.mov(rax, rsp);
        Code.sub(rsp, frame + 8);
        Code.and(rsp, -64);
        Code.mov(__[rsp + frame], rax);
    }

    /// <summary>Restores everything and returns.</summary>
    public void End()
    {
        if (_frame > 0)
            Code.mov(rsp, __[rsp + _frame]);
        Code.vzeroupper();
        if (convention == CallingConvention.Windows)
        {
            for (int i = 0; i < SavedVectorsOnWindows.Length; i++)
                Code.vmovups(SavedVectorsOnWindows[i], __xmmword_ptr[rsp + i * 16]);
            Code.add(rsp, SavedVectorsOnWindows.Length * 16);
        }
        foreach (var register in Saved.Reverse())
            Code.pop(register);
        Code.ret();
    }

    /// <summary>The machine code, independent of the address it will lie at.</summary>
    /// <exception cref="InvalidOperationException">An instruction cannot be encoded: a mistake of the generator.</exception>
    public byte[] Assemble()
    {
        using var bytes = new MemoryStream();
        if (!Code.TryAssemble(new StreamCodeWriter(bytes), 0, out string? error, out _))
            throw new InvalidOperationException($"A kernel cannot be assembled: {error}");
        return bytes.ToArray();
    }
}
