using System.Diagnostics;
using Ponder.Cli.Tests.Support;
using Ponder.TestSupport;

namespace Ponder.Cli.Tests;

/// <summary>The shell launcher at the root; needs a Unix shell.</summary>
public sealed class LauncherTests
{
    [UnixFact]
    public async Task Without_the_sdk_it_says_what_is_missing_in_one_sentence()
    {
        using var tools = new TempFolder();
        foreach (string tool in (string[])["bash", "readlink", "dirname", "find", "mktemp"])
            File.CreateSymbolicLink(tools[tool], Which(tool));
        var result = await RunAsync("bash", tools.Path);
        result.Code.ShouldBe(2);
        result.Out.ShouldBeEmpty();
        result.Error.ShouldBe("ponder: the .NET 10 SDK is missing: install it and put 'dotnet' on the PATH.\n");
    }

    private static string Which(string tool) => Environment.GetEnvironmentVariable("PATH")!.Split(':')
        .Select(folder => Path.Combine(folder, tool)).First(File.Exists);

    private static async Task<CliResult> RunAsync(string shell, string path)
    {
        var start = new ProcessStartInfo(Which(shell), [Path.Combine(SharedData.Repository, "ponder"), "--version"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["PATH"] = path;
        using var process = Process.Start(start)!;
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        var error = process.StandardError.ReadToEndAsync(limit.Token);
        string output = await process.StandardOutput.ReadToEndAsync(limit.Token);
        await process.WaitForExitAsync(limit.Token);
        return new CliResult(process.ExitCode, output, await error);
    }
}

/// <summary>A fact that needs a Unix shell; skipped on Windows.</summary>
public sealed class UnixFactAttribute : FactAttribute
{
    public UnixFactAttribute()
    {
        if (OperatingSystem.IsWindows())
            Skip = "needs a Unix shell";
    }
}
