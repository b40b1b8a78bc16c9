using System.Runtime.InteropServices;

namespace Ponder.CodeRunner.Confinement;

/// <summary>
/// Confines this process and becomes another program. What is given up here cannot be taken back: limits, capabilities, files and system calls
/// stay as they are set through every later <c>execve</c>.
/// </summary>
internal static unsafe class Entrance
{
    /// <summary>The exit code when the process could not be confined; the program has not run then.</summary>
    public const int Failed = 125;

    private const int ResourceCpu = 0, ResourceFileSize = 1, ResourceData = 2, ResourceCore = 4, ResourceFiles = 7, ResourceAddress = 9;
    private const int PrCapBoundDrop = 24, PrCapAmbient = 47, PrCapAmbientClear = 4, PrNoNewPrivileges = 38;
    private const int CloseOnExec = 4, MostFiles = 128;

    public static void Enter(Limits limits, string[] program)
    {
        try
        {
            if (!OperatingSystem.IsLinux() || !(Kernel.IsX64 || RuntimeInformation.ProcessArchitecture == Architecture.Arm64))
                throw new ConfinementException("only Linux on x64 or arm64 can confine it");

            // All that needs memory comes before the limits.
            nint path = Marshal.StringToCoTaskMemUTF8(program[0]);
            nint arguments = Pointers(program);
            nint variables = Pointers([.. Environment.GetEnvironmentVariables().Cast<System.Collections.DictionaryEntry>().Select(one => $"{one.Key}={one.Value}")]);
            var filter = Seccomp.Build(Environment.ProcessId);
            using var root = new NativeText("/");

            Kernel.Call(SystemCalls.Of("setsid"));
            Kernel.Call(SystemCalls.Of("chdir"), root.Pointer);
            Kernel.Call(SystemCalls.Of("close_range"), 3, unchecked((nint)uint.MaxValue), CloseOnExec);
            SetAlarm(limits.WallSeconds);
            DropCapabilities();
            Kernel.Demand("forbidding new privileges", SystemCalls.Of("prctl"), PrNoNewPrivileges, 1);
            if (!Landlock.Restrict(limits.Readable) && !limits.MayReadAll)
                throw new ConfinementException("this kernel has no Landlock, without which the code could read any file");
            Limit(ResourceFileSize, 0);
            Limit(ResourceCore, 0);
            Limit(ResourceFiles, MostFiles);
            Limit(ResourceCpu, limits.CpuSeconds);
            Limit(ResourceData, limits.DataBytes);
            Limit(ResourceAddress, limits.AddressBytes);
            Seccomp.Install(filter);
            Kernel.Demand($"starting {program[0]}", SystemCalls.Of("execve"), path, arguments, variables);
        }
        catch (ConfinementException error)
        {
            // The one write that is left; a console would ask for more system calls than are still allowed.
            Console.Error.WriteLine(error.Message);
        }
    }

    private static void Limit(int resource, long most)
    {
        long* values = stackalloc long[] { most, most };
        Kernel.Demand($"limiting resource {resource}", SystemCalls.Of("prlimit64"), 0, resource, (nint)values);
    }

    // The parent ends the process long before; this is for when the parent itself has died.
    private static void SetAlarm(int seconds)
    {
        long* timer = stackalloc long[] { 0, 0, seconds, 0 };
        Kernel.Demand("setting the alarm", SystemCalls.Of("setitimer"), 0, (nint)timer);
    }

    // A root without capabilities is an ordinary user who owns root's files. Others have none to drop.
    private static void DropCapabilities()
    {
        for (int capability = 0; capability < 64; capability++)
            Kernel.Call(SystemCalls.Of("prctl"), PrCapBoundDrop, capability);
        Kernel.Call(SystemCalls.Of("prctl"), PrCapAmbient, PrCapAmbientClear);
    }

    private static nint Pointers(string[] texts)
    {
        nint* list = (nint*)NativeMemory.AllocZeroed((nuint)texts.Length + 1, (nuint)sizeof(nint));
        for (int i = 0; i < texts.Length; i++)
            list[i] = Marshal.StringToCoTaskMemUTF8(texts[i]);
        return (nint)list;
    }
}

/// <summary>A text in native memory.</summary>
internal readonly struct NativeText(string text) : IDisposable
{
    public nint Pointer { get; } = Marshal.StringToCoTaskMemUTF8(text);

    public void Dispose() => Marshal.FreeCoTaskMem(Pointer);
}
