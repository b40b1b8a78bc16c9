using System.Runtime.CompilerServices;

namespace Ponder.Numerics.Tests.Emulator;

/// <summary>Memory that a kernel may touch.</summary>
/// <param name="Name">For messages.</param>
/// <param name="Start">Address of the first byte.</param>
/// <param name="Bytes">Length.</param>
/// <param name="Writable">False where the kernel may only read.</param>
internal readonly record struct MemoryRange(string Name, ulong Start, ulong Bytes, bool Writable)
{
    /// <summary>Memory for reading; the range is called as the caller calls its pointer.</summary>
    public static unsafe MemoryRange Read(void* pointer, long bytes, [CallerArgumentExpression(nameof(pointer))] string name = "") =>
        new(name, (ulong)pointer, (ulong)bytes, Writable: false);

    /// <summary>Memory for reading and writing.</summary>
    public static unsafe MemoryRange ReadWrite(void* pointer, long bytes, [CallerArgumentExpression(nameof(pointer))] string name = "") =>
        new(name, (ulong)pointer, (ulong)bytes, Writable: true);

    /// <summary>True if all of some bytes lie within.</summary>
    public bool Contains(ulong address, ulong bytes) => address - Start < Bytes && bytes <= Bytes - (address - Start);
}
