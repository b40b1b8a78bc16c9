using Ponder.Cli.Tests.Support;

namespace Ponder.Cli.Tests.Solving;

public sealed class ProbeTests
{
    [Fact]
    public async Task A_probe_that_was_trained_serves_lynx()
    {
        using var folder = new TempFolder();
        string file = folder["chain.probe.json"];
        string[] probe = ["probe", "--task", "chain", "--count", "12", "--cues", "lines", "--ending", "#### ", "--hidden", "0", "--seed", "3", "--max-tokens", "128"];

        string report = (await CliRunner.RunAsync([.. probe, "--out", file])).ShouldSucceed();

        report.ShouldContain("that it was not trained on: ");
        report.ShouldEndWith($"saved to {file}\n");
        (await CliRunner.RunAsync([.. probe, "--out", file])).ShouldBeRefused("exists already; --force overwrites it");
        string answer = (await CliRunner.RunAsync(
            "solve", "a=3 b=a*4-2 c=b+a d=c-b d?", "--strategy", "lynx", "--samples", "4", "--set", $"probe={file}", "--set", "cues=lines",
            "--set", "ending=#### ", "--seed", "1")).ShouldSucceed();
        answer.ShouldContain("Answer: ");
    }

    [Fact]
    public async Task What_is_wrong_with_it_is_said_before_a_model_is_loaded()
    {
        (await CliRunner.RunAsync("probe", "--task", "chain", "--count", "2")).ShouldBeRefused("--out");
        (await CliRunner.RunAsync("probe", "--task", "chain", "--count", "2", "--cues", "dots", "--out", "x")).ShouldBeRefused("dots");
        (await CliRunner.RunAsync("solve", "--strategy", "lynx")).ShouldBeRefused("needs a value for its option probe");
    }
}
