using Ponder.Cli.Tests.Support;

namespace Ponder.Cli.Tests.Solving;

public sealed class CalibrateTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private string Table => _folder["chain.calibration.json"];

    [Fact]
    public async Task A_calibration_is_what_auto_chooses_by()
    {
        string told = (await CliRunner.RunAsync(
            "calibrate", "--task", "chain", "--count", "6", "--budgets", "100", "--strategies", "single,majority,rebase", "--out", Table)).ShouldSucceed();
        told.ShouldContain("chain: 6 problems");
        told.ShouldContain("100 tokens");
        told.ShouldContain($"saved to {Table}");

        var solved = await CliRunner.RunAsync(
            "solve", "a=3 b=a*4-2 c=b+a d=c-b d?", "--strategy", $"auto table={Table}", "--budget-tokens", "100", "--seed", "1");
        solved.Code.ShouldBeLessThan(2, solved.Error);
        solved.Out.ShouldContain("auto: ");
        solved.Out.ShouldContain(" with 100 tokens, expected 0.");
    }

    [Fact]
    public async Task A_calibration_of_another_model_is_refused()
    {
        (await CliRunner.RunAsync("calibrate", "--task", "chain", "--count", "3", "--budgets", "50", "--strategies", "single", "--out", Table)).ShouldSucceed();
        string text = await File.ReadAllTextAsync(Table);
        await File.WriteAllTextAsync(Table, text.Replace("1569024", "1569025", StringComparison.Ordinal));
        var refused = await CliRunner.RunAsync("solve", "a=3 b=a*4-2 c=b+a d=c-b d?", "--strategy", $"auto table={Table}");
        refused.Code.ShouldBe(2);
        refused.Error.ShouldContain("1,569,025 parameters");
        refused.Error.ShouldContain("1,569,024 parameters");
    }

    [Fact]
    public async Task What_cannot_be_calibrated_is_refused()
    {
        (await CliRunner.RunAsync("calibrate", "--out", Table, "--budgets", "0")).ShouldBeRefused("'0' is no whole number of tokens");
        (await CliRunner.RunAsync("calibrate", "--out", Table, "--count", "2")).ShouldBeRefused("--count is 2");
        (await CliRunner.RunAsync("calibrate", "--out", Table, "--reward", "none", "--strategies", "rebase")).ShouldBeRefused("rebase needs a reward");
        (await CliRunner.RunAsync("calibrate", "--out", _folder.Write("there.json", "x"))).ShouldBeRefused("there.json");
        (await CliRunner.RunAsync("solve", "a=3 b=a*4-2 c=b+a d=c-b d?", "--strategy", $"auto table={_folder["there.json"]}")).ShouldBeRefused("there.json");
        (await CliRunner.RunAsync("solve", "a=3 b=a*4-2 c=b+a d=c-b d?", "--strategy", "auto")).ShouldBeRefused("needs a value for its option table");
        File.Exists(Table).ShouldBeFalse();
    }

    public void Dispose() => _folder.Dispose();
}
