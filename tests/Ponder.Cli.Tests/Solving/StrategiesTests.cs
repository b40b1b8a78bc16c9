using System.Text.Json;
using Ponder.Cli.Tests.Support;
using Ponder.Reasoning.Rewards;
using Ponder.Reasoning.Strategies;
using Ponder.Reasoning.Tasks;

namespace Ponder.Cli.Tests.Solving;

public sealed class StrategiesTests
{
    [Fact]
    public async Task Every_strategy_is_listed_with_its_options_and_source()
    {
        string text = (await CliRunner.RunAsync("strategies")).ShouldSucceed();
        foreach (var row in StrategyTable.All)
        {
            text.ShouldContain($"  {row.Name}\n      {row.Summary}\n");
            text.ShouldContain(row.Source);
            foreach (var option in row.Options)
                text.ShouldContain($"{option.Name}={option.Default.Replace("\n", "\\n", StringComparison.Ordinal)}  ");
        }
        string[] names = [.. RewardTable.All.Select(reward => reward.Name), .. TaskTable.All.Select(task => task.Name), "regex:PATTERN", "json-schema:FILE"];
        foreach (string name in names)
            text.ShouldContain($"  {name} ");
        text.ShouldContain("needs a reward");
    }

    [Fact]
    public async Task One_strategy_can_be_looked_up()
    {
        string text = (await CliRunner.RunAsync("strategies", "majority")).ShouldSucceed();
        text.ShouldStartWith("  majority\n      Takes the answer that most samples agree on.\n      samples=16  Answers to draw (whole, 1 to 1000000)\n");
        text.ShouldNotContain("best-of-n");
        (await CliRunner.RunAsync("strategies", "majorty")).ShouldBeRefused("did you mean 'majority'");
    }

    [Fact]
    public async Task Json_has_what_a_program_needs_to_make_a_strategy()
    {
        using var document = JsonDocument.Parse((await CliRunner.RunAsync("strategies", "--json")).ShouldSucceed());
        var root = document.RootElement;
        var rows = root.GetProperty("strategies").EnumerateArray().ToDictionary(row => row.GetProperty("name").GetString()!);
        rows.Keys.ShouldBe(StrategyTable.All.Select(row => row.Name));
        var samples = rows["majority"].GetProperty("options")[0];
        samples.GetProperty("name").GetString().ShouldBe("samples");
        samples.GetProperty("default").GetString().ShouldBe("16");
        samples.GetProperty("least").GetDouble().ShouldBe(1);
        samples.GetProperty("whole").GetBoolean().ShouldBeTrue();
        rows["best-of-n"].GetProperty("needs").EnumerateArray().Select(need => need.GetString()).ShouldContain("a reward");
        root.GetProperty("rewards").GetArrayLength().ShouldBe(RewardTable.All.Count);
        root.GetProperty("tasks").GetArrayLength().ShouldBe(TaskTable.All.Count);
        root.GetProperty("verifiers").GetArrayLength().ShouldBe(5);
    }
}
