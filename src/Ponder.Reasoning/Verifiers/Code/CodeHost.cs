using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Ponder.Reasoning.Verifiers.Code;

/// <summary>What this machine has to run code with.</summary>
internal static class CodeHost
{
    private const string Runner = "Ponder.CodeRunner";

    // The C library, its loader and what it asks for; the files of the interpreter come with it.
    private static readonly string[] Libraries = ["/usr/lib", "/usr/lib64", "/lib", "/lib64", "/etc/ld.so.cache", "/usr/share/zoneinfo", "/etc/localtime"];

    // What the runtime of .NET reads about itself and the machine.
    private static readonly string[] Machine =
    [
        "/proc/self", "/proc/meminfo", "/proc/cpuinfo", "/proc/stat", "/proc/sys/vm",
        "/sys/devices/system/cpu", "/sys/devices/system/node", "/sys/fs/cgroup", "/dev/urandom",
    ];

    private static readonly Lazy<(string Program, string Home)?> Python = new(FindPython);

    /// <summary>Why code in a language cannot be run here; null when it can.</summary>
    public static string? Missing(CodeLanguage language)
    {
        if (!OperatingSystem.IsLinux() || RuntimeInformation.ProcessArchitecture is not (Architecture.X64 or Architecture.Arm64))
            return "code is run only on Linux, x64 or arm64, where it can be confined";
        if (!File.Exists(Dotnet) || !File.Exists(Beside(".dll")) || !File.Exists(Beside(".runtimeconfig.json")))
            return $"code is run by {Runner}, which is not beside {typeof(CodeHost).Assembly.GetName().Name} or lacks 'dotnet'";
        return language == CodeLanguage.Python && Python.Value is null ? "there is no python3 on the PATH" : null;
    }

    /// <summary>One side of a check, or a program, ready to start.</summary>
    /// <param name="language">The language; nothing may be missing for it.</param>
    /// <param name="side"><c>answer</c>, <c>tests</c> or <c>program</c>.</param>
    /// <param name="limits">What it may use.</param>
    public static ProcessStartInfo Prepare(CodeLanguage language, string side, CodeLimits limits)
    {
        bool isPython = language == CodeLanguage.Python;
        string[] program = isPython
            ? [Python.Value!.Value.Program, "-I", "-S", "-B", "-X", "utf8", "-c", Script(side)]
            : [Dotnet, "exec", Beside(".dll"), side];
        string[] readable = isPython
            ? [.. Libraries, Python.Value!.Value.Program, Python.Value!.Value.Home]
            : [.. Libraries, .. Machine, Path.GetDirectoryName(Dotnet)!, AppContext.BaseDirectory, Path.GetDirectoryName(Beside(".dll"))!];
        var given = new
        {
            limits.CpuSeconds,
            WallSeconds = (int)Math.Ceiling(limits.Time.TotalSeconds) + 1,
            DataBytes = limits.MemoryBytes,
            // The runtime of .NET reserves far more addresses than it uses.
            AddressBytes = limits.MemoryBytes + (isPython ? 64L << 20 : 2L << 30),
            Readable = readable,
            MayReadAll = limits.MayReadFiles,
        };
        var start = new ProcessStartInfo(Dotnet, ["exec", Beside(".dll"), "enter", JsonSerializer.Serialize(given), "--", .. program])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        };
        start.Environment.Clear();
        // The runtime makes no files of its own, asks for no memory that is both writable and executable, and knows how much it may have.
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        start.Environment["DOTNET_EnableWriteXorExecute"] = "0";
        start.Environment["DOTNET_TieredPGO"] = "0";
        start.Environment["DOTNET_GCHeapHardLimit"] = FormattableString.Invariant($"0x{limits.MemoryBytes / 2:x}");
        start.Environment["DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"] = "1";
        start.Environment["LANG"] = "C.UTF-8";
        return start;
    }

    private static string Dotnet { get; } = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", "dotnet"));

    private static string Beside(string ending) => Path.Combine(AppContext.BaseDirectory, Runner + ending);

    private static string Script(string side)
    {
        using var stream = typeof(CodeHost).Assembly.GetManifestResourceStream($"{side}.py")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    // The name on the PATH may be a script that looks for an interpreter; the interpreter itself says where it is.
    private static (string Program, string Home)? FindPython()
    {
        try
        {
            const string Where = "import os, sys; print(os.path.realpath(sys.executable)); print(sys.base_prefix)";
            using var process = Process.Start(new ProcessStartInfo("python3", ["-I", "-S", "-c", Where])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                RedirectStandardInput = true,
            })!;
            process.StandardInput.Close();
            string[] lines = process.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
            return process.WaitForExit(10_000) && process.ExitCode == 0 && lines is [var program, var home] && File.Exists(program)
                ? (program, home == "/usr" ? "/usr/lib" : home)
                : null;
        }
        catch (Exception error) when (error is System.ComponentModel.Win32Exception or IOException or InvalidOperationException)
        {
            return null;
        }
    }
}
