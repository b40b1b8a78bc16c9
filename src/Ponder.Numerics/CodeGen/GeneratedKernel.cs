using Ponder.Numerics.Memory;

namespace Ponder.Numerics.CodeGen;

/// <summary>Machine code in pages that were writable while it was written and are executable since, never both. Lives as long as the process.</summary>
internal sealed unsafe class GeneratedKernel
{
    private readonly delegate* unmanaged<void*, void> _entry;

    /// <summary>Makes code callable.</summary>
    /// <param name="name">What it does, for dumps and profilers.</param>
    /// <param name="code">Position-independent code that follows <see cref="KernelAssembler.Native"/>.</param>
    /// <exception cref="PonderException">The system forbids code that is made at run time.</exception>
    public GeneratedKernel(string name, byte[] code)
    {
        Name = name;
        Code = code;
        byte* memory = SystemMemory.Allocate((nuint)code.Length);
        code.CopyTo(new Span<byte>(memory, code.Length));
        SystemMemory.MakeExecutable(memory, (nuint)code.Length);
        _entry = (delegate* unmanaged<void*, void>)memory;
    }

    /// <summary>What it does.</summary>
    public string Name { get; }

    /// <summary>The machine code.</summary>
    public ReadOnlyMemory<byte> Code { get; }

    /// <summary>Runs it. The runtime may collect garbage meanwhile: arguments point to native or pinned memory.</summary>
    public void Run(void* arguments) => _entry(arguments);
}
