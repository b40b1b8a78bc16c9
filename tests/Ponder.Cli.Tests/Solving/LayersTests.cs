using Ponder.Cli.Tests.Support;
using Ponder.Reasoning.Layers;

namespace Ponder.Cli.Tests.Solving;

public sealed class LayersTests
{
    private const string Plan = """
        {"name": "the best half votes", "layers": [{"parts": [{"type": "generate", "samples": 8}]}, {"parts": [{"type": "rank", "keep": 4, "by": "reward"}]}]}
        """;

    [Fact]
    public async Task Every_type_of_part_is_listed_with_its_options()
    {
        string text = (await CliRunner.RunAsync("layers")).ShouldSucceed();
        foreach (var row in PartTable.All)
        {
            text.ShouldContain($"  {row.Type}\n      {row.Summary}\n");
            foreach (var option in row.Options)
                text.ShouldContain($"      {option.Name}={option.Default}  {option.Help.TrimEnd('.')} (");
        }
    }

    [Fact]
    public async Task A_plan_is_checked_and_solved_by()
    {
        using var folder = new TempFolder();
        string file = folder["plan.json"];
        await File.WriteAllTextAsync(file, Plan);

        (await CliRunner.RunAsync("layers", "check", file)).ShouldSucceed().ShouldBe(
            "the best half votes\nlayer 1: generate samples=8; gives up to 8 candidates\nlayer 2: rank keep=4 by=reward; gives up to 4 candidates\nthen: a vote\nneeds: a reward\n");
        (await CliRunner.RunAsync("solve", "a=3 b=a*4-2 c=b+a d=c-b d?", "--strategy", $"layers file={file}", "--seed", "1")).ShouldSucceed().ShouldContain("Answer: ");

        await File.WriteAllTextAsync(file, Plan.Replace("rank", "rnak", StringComparison.Ordinal));
        (await CliRunner.RunAsync("layers", "check", file)).ShouldBeRefused($"{file}: layer 2, part 1: there is no type of part 'rnak'; did you mean 'rank'?");
        await File.WriteAllTextAsync(file, """{"layers": [{"parts": [{"type": "plan", "plan": "plan.json"}]}]}""");
        (await CliRunner.RunAsync("solve", "--strategy", $"layers file={file}")).ShouldBeRefused($"loop: {file} -> {file}");
    }

    [Fact]
    public async Task A_search_writes_a_plan_that_can_be_solved_by_and_what_it_tried()
    {
        using var folder = new TempFolder();
        string file = folder["best.json"];
        string[] search =
        [
            "layers", "search", "--task", "chain", "--count", "8", "--evaluations", "4", "--most-samples", "4", "--budget-tokens", "300", "--seed", "2", "--out", file,
        ];

        string report = (await CliRunner.RunAsync(search)).ShouldSucceed();

        report.ShouldStartWith("4 plans tried on 8 problems, ");
        string[] lines = await File.ReadAllLinesAsync(folder["best.csv"]);
        lines.Length.ShouldBe(5);
        lines[0].ShouldStartWith("trial,problems,accuracy,tokens");
        report.ShouldContain($"best: {PlanReport.Line(LayerFile.Load(file))}\n");
        (await CliRunner.RunAsync("layers", "check", file)).ShouldSucceed().ShouldContain("layer 1: generate");
        (await CliRunner.RunAsync(search)).ShouldBeRefused("exists already; --force overwrites it");
        (await CliRunner.RunAsync([.. search, "--force"])).ShouldSucceed().ShouldBe(report);
    }

    [Fact]
    public async Task What_is_wrong_with_a_search_is_said_before_a_model_is_loaded()
    {
        (await CliRunner.RunAsync("layers", "search", "--task", "chain")).ShouldBeRefused("--out");
        (await CliRunner.RunAsync("layers", "search", "--evaluations", "0", "--out", "x.json")).ShouldBeRefused("--evaluations is 0");
        (await CliRunner.RunAsync("layers", "search", "--out", "x.csv")).ShouldBeRefused("name it otherwise");
        (await CliRunner.RunAsync("layers", "search", "absent.gguf", "-p", "What is it?", "--out", "x.json")).ShouldBeRefused("whose answers are known");
    }
}
