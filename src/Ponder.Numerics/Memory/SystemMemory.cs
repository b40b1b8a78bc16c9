using System.Runtime.InteropServices;

namespace Ponder.Numerics.Memory;

/// <summary>
/// Pages straight from the operating system: what <see cref="NativeBuffer{T}"/> cannot do (permissions, huge pages, pages that are zero without being
/// written, giving back). Linux and Windows, others through the Linux calls.
/// </summary>
public static unsafe partial class SystemMemory
{
    private const int ReadWrite = 1 | 2, ReadExecute = 1 | 4;                   // PROT_READ | PROT_WRITE, PROT_READ | PROT_EXEC
    private const int PrivateLinux = 0x22, PrivateMac = 0x1002;                 // MAP_PRIVATE | MAP_ANONYMOUS
    private const int DontNeed = 4, HugePage = 14;                              // madvise
    private const int CommitReserve = 0x3000, Release = 0x8000;                 // VirtualAlloc, VirtualFree
    private const int WindowsReadWrite = 0x04, WindowsReadExecute = 0x20;

    /// <summary>Bytes of a page.</summary>
    internal static int PageSize => Environment.SystemPageSize;

    /// <summary>Zeroed memory that becomes resident where it is touched.</summary>
    /// <param name="bytes">At least 1; rounded up to whole pages.</param>
    /// <exception cref="PonderException">The system has no memory left for it.</exception>
    internal static byte* Allocate(nuint bytes)
    {
        void* memory;
        if (OperatingSystem.IsWindows())
        {
            memory = VirtualAlloc(null, bytes, CommitReserve, WindowsReadWrite);
        }
        else
        {
            memory = Map(null, bytes, ReadWrite, OperatingSystem.IsLinux() ? PrivateLinux : PrivateMac, -1, 0);
            if (memory == (void*)-1)
                memory = null;
        }
        return memory is null ? throw new PonderException($"The system has no {bytes >> 20} MiB of memory left.") : (byte*)memory;
    }

    /// <summary>Frees what <see cref="Allocate"/> gave.</summary>
    internal static void Free(byte* memory, nuint bytes)
    {
        if (OperatingSystem.IsWindows())
            _ = VirtualFree(memory, 0, Release);
        else
            _ = Unmap(memory, bytes);
    }

    /// <summary>Turns written pages into code: from here on they can be executed and no longer written.</summary>
    /// <exception cref="PonderException">The system forbids code that is made at run time.</exception>
    internal static void MakeExecutable(byte* memory, nuint bytes)
    {
        bool done = OperatingSystem.IsWindows()
            ? VirtualProtect(memory, bytes, WindowsReadExecute, out _) != 0
            : Protect(memory, bytes, ReadExecute) == 0;
        if (!done)
            throw new PonderException($"The system does not allow code that is made at run time; use {CodeGen.InstructionSets.EnvironmentVariable}=portable.");
    }

    /// <summary>Asks for huge pages, which spare misses of the address cache when memory is streamed; a wish, not a demand.</summary>
    internal static void AdviseHugePages(byte* memory, nuint bytes)
    {
        if (OperatingSystem.IsLinux())
            _ = Advise(memory, bytes, HugePage);
    }

    /// <summary>Gives the pages of a mapped file back to the system, which reads them again should they be touched. Partial pages at the ends stay.</summary>
    public static void GiveBack(byte* memory, nuint bytes)
    {
        nuint page = (nuint)PageSize;
        nuint first = ((nuint)memory + page - 1) / page * page, end = ((nuint)memory + bytes) / page * page;
        if (first >= end)
            return;
        if (OperatingSystem.IsLinux())
            _ = Advise((byte*)first, end - first, DontNeed);
        else if (OperatingSystem.IsWindows())
            _ = VirtualUnlock((byte*)first, end - first);       // of pages that are not locked: drops them from the working set
    }

    [LibraryImport("libc", EntryPoint = "mmap")]
    private static partial void* Map(void* address, nuint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial int Unmap(void* address, nuint length);

    [LibraryImport("libc", EntryPoint = "mprotect")]
    private static partial int Protect(void* address, nuint length, int protection);

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(void* address, nuint length, int advice);

    [LibraryImport("kernel32")]
    private static partial void* VirtualAlloc(void* address, nuint size, int type, int protection);

    [LibraryImport("kernel32")]
    private static partial int VirtualFree(void* address, nuint size, int type);

    [LibraryImport("kernel32")]
    private static partial int VirtualProtect(void* address, nuint size, int protection, out int before);

    [LibraryImport("kernel32")]
    private static partial int VirtualUnlock(void* address, nuint size);
}
