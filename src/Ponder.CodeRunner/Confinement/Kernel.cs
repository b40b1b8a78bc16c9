using System.Runtime.InteropServices;

namespace Ponder.CodeRunner.Confinement;

/// <summary>System calls of Linux, by number: the few that confine a process.</summary>
internal static unsafe partial class Kernel
{
    public static bool IsX64 => RuntimeInformation.ProcessArchitecture == Architecture.X64;

    /// <summary>Calls the kernel; negative results are minus the error number.</summary>
    public static long Call(int number, nint a = 0, nint b = 0, nint c = 0, nint d = 0, nint e = 0)
    {
        nint result = SystemCall(number, a, b, c, d, e, 0);
        return result == -1 ? -Marshal.GetLastPInvokeError() : result;
    }

    /// <summary>Calls the kernel and demands that it agrees.</summary>
    public static long Demand(string what, int number, nint a = 0, nint b = 0, nint c = 0, nint d = 0, nint e = 0)
    {
        long result = Call(number, a, b, c, d, e);
        return result >= 0 ? result : throw new ConfinementException($"{what} failed with error {-result} ({Marshal.GetPInvokeErrorMessage((int)-result)})");
    }

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint SystemCall(nint number, nint a, nint b, nint c, nint d, nint e, nint f);
}

/// <summary>The process cannot be confined: why, without a full stop.</summary>
internal sealed class ConfinementException(string message) : Exception(message);
