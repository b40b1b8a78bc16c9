using System.Diagnostics;
using System.Text;

namespace Ponder.Cli.Tests.Support;

/// <summary>What a command gave.</summary>
internal sealed record CliResult(int Code, string Out, string Error)
{
    /// <summary>Wrong use or bad input: exit code 2, nothing on stdout, one sentence on stderr that holds these parts.</summary>
    public void ShouldBeRefused(params string[] parts)
    {
        Code.ShouldBe(2, Error);
        Out.ShouldBeEmpty();
        Error.ShouldStartWith("ponder: ");
        Error.ShouldEndWith("\n");
        Error.TrimEnd('\n').ShouldNotContain("\n");
        foreach (string part in parts)
            Error.ShouldContain(part);
    }

    /// <summary>Exit code 0; returns stdout.</summary>
    public string ShouldSucceed()
    {
        Code.ShouldBe(0, Error);
        return Out;
    }
}

/// <summary>Runs the command line: inside the test's process, or as a program.</summary>
internal static class CliRunner
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public static Task<CliResult> RunAsync(params string[] args) => RunWithInputAsync("", args);

    public static async Task<CliResult> RunWithInputAsync(string input, params string[] args)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        int code = await CommandLine.RunAsync(args, new Terminal { In = new StringReader(input), Out = output, Error = error });
        return new CliResult(code, output.ToString(), error.ToString());
    }

    /// <summary>Runs the program itself.</summary>
    /// <param name="args">Its arguments.</param>
    /// <param name="input">Its standard input.</param>
    /// <param name="variables">Added to its environment.</param>
    /// <param name="onOutput">Called at the first piece of output.</param>
    public static async Task<CliResult> StartAsync(
        string[] args, string input = "", Dictionary<string, string>? variables = null, Action<Process>? onOutput = null)
    {
        string program = Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "ponder.exe" : "ponder");
        var start = new ProcessStartInfo(program, args)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
        };
        foreach (var (name, value) in variables ?? [])
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        using var limit = new CancellationTokenSource(Patience);
        try
        {
            await process.StandardInput.WriteAsync(input);
            process.StandardInput.Close();
            var error = process.StandardError.ReadToEndAsync(limit.Token);
            char[] first = new char[1];
            int read = await process.StandardOutput.ReadAsync(first.AsMemory(), limit.Token);
            if (read > 0)
                onOutput?.Invoke(process);
            string output = new string(first, 0, read) + await process.StandardOutput.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            return new CliResult(process.ExitCode, output, await error);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill();
        }
    }
}
