using System.Text.Json;
using Ponder.Cli.Tests.Support;
using Ponder.TestSupport;

namespace Ponder.Cli.Tests.Solving;

public sealed class SolveTests
{
    [Fact]
    public async Task Without_arguments_it_makes_up_a_puzzle_and_says_what_it_does()
    {
        var result = await CliRunner.RunAsync("solve", "--samples", "2");
        result.Code.ShouldBeOneOf(0, 1);
        result.Out.ShouldContain("Ponder draws 2 samples");
        result.Out.ShouldContain("A made-up puzzle: Make ");
        result.Out.ShouldContain("of 2 samples right");
    }

    [Fact]
    public async Task A_typed_puzzle_is_answered_with_an_expression()
    {
        string text = (await CliRunner.RunAsync("solve", "Make 24 from 3 7 8 12", "--seed", "3", "--samples", "16")).ShouldSucceed();
        text.ShouldContain("Answer: ");
        text.ShouldContain(" = 24\n");
        text.ShouldContain("seed 3");
    }

    [Fact]
    public async Task A_chain_is_put_to_a_vote()
    {
        var result = await CliRunner.RunAsync("solve", "--task", "chain", "--seed", "1", "--samples", "16");
        result.Out.ShouldContain("puts their values to a vote");
        result.Out.ShouldContain(" agreed, ");
    }

    [Fact]
    public async Task An_unsolvable_puzzle_has_no_answer_and_exit_code_1()
    {
        var result = await CliRunner.RunAsync("solve", "Make 999 from 1 2 3", "--samples", "2");
        result.Code.ShouldBe(1);
        result.Out.ShouldContain("No answer: this puzzle has no solution.");
    }

    [Theory]
    [InlineData("countdown")]
    [InlineData("chain")]
    public async Task Json_gives_a_line_for_each_problem_and_a_summary_that_adds_up(string task)
    {
        string file = Path.Combine(SharedData.Repository, "models", "puzzles", "test", $"{task}.jsonl");
        string text = (await CliRunner.RunAsync("solve", "--task", task, "--problems", file, "--count", "5", "--samples", "4", "--seed", "9", "--json")).ShouldSucceed();
        string[] lines = text.TrimEnd('\n').Split('\n');
        lines.Length.ShouldBe(6);
        using var summaryLine = JsonDocument.Parse(lines[^1]);
        var summary = summaryLine.RootElement.GetProperty("summary");
        int correct = 0, generated = 0, right = 0;
        foreach (string line in lines[..^1])
        {
            using var document = JsonDocument.Parse(line);
            var problem = document.RootElement;
            problem.GetProperty("problem").GetString().ShouldNotBeNullOrEmpty();
            problem.GetProperty("samples").GetInt32().ShouldBe(4);
            problem.GetProperty("seconds").GetDouble().ShouldBeGreaterThan(0);
            problem.GetProperty("tokens").GetProperty("prompt").GetInt32().ShouldBeGreaterThan(5);
            correct += problem.GetProperty("samples_correct").GetInt32();
            generated += problem.GetProperty("tokens").GetProperty("generated").GetInt32();
            right += problem.GetProperty("correct").GetBoolean() ? 1 : 0;
            if (problem.GetProperty("correct").GetBoolean())
                problem.GetProperty("answer").ValueKind.ShouldBe(JsonValueKind.String);
        }
        summary.GetProperty("problems").GetInt32().ShouldBe(5);
        summary.GetProperty("accuracy").GetDouble().ShouldBe(right / 5.0, 1e-12);
        summary.GetProperty("pass_at").EnumerateObject().Select(p => p.Name).ShouldBe(["1", "2", "4"]);
        summary.GetProperty("pass_at").GetProperty("1").GetDouble().ShouldBe(correct / 20.0, 1e-12);
        summary.GetProperty("majority_accuracy").GetDouble().ShouldBeInRange(0, 1);
        summary.GetProperty("tokens").GetProperty("generated").GetInt32().ShouldBe(generated);

        string again = (await CliRunner.RunAsync("solve", "--task", task, "--problems", file, "--count", "5", "--samples", "4", "--seed", "9", "--json")).ShouldSucceed();
        Answers(again).ShouldBe(Answers(text));
    }

    [Fact]
    public async Task A_report_over_many_problems_has_accuracy_and_coverage()
    {
        string text = (await CliRunner.RunAsync("solve", "--task", "chain", "--count", "4", "--samples", "4", "--seed", "1")).ShouldSucceed();
        text.ShouldContain("4 problems, 4 samples each, seed 1");
        text.ShouldContain("pass@4");
        text.ShouldContain("majority accuracy");
    }

    [Fact]
    public async Task What_is_no_puzzle_is_refused()
    {
        using var folder = new TempFolder();
        (await CliRunner.RunAsync("solve", "what is love")).ShouldBeRefused("Make 24 from 3 7 8 12");
        (await CliRunner.RunAsync("solve", "Make 24 from 3 7 8 1200")).ShouldBeRefused("1200", "999");
        (await CliRunner.RunAsync("solve", "Make 1000 from 3 7 8")).ShouldBeRefused("1000", "999");
        (await CliRunner.RunAsync("solve", "--task", "chess")).ShouldBeRefused("chess", "countdown", "chain");
        (await CliRunner.RunAsync("solve", "--samples", "0")).ShouldBeRefused("--samples");
        (await CliRunner.RunAsync("solve", "--temperature", "-1")).ShouldBeRefused("temperature");
        (await CliRunner.RunAsync("solve", "--problems", folder["absent.jsonl"])).ShouldBeRefused("absent.jsonl");
        string bad = folder.Write("bad.jsonl", "{\"prompt\": \"Make 24 from 3 7 8 12:\\n\"}\nnot json\n");
        (await CliRunner.RunAsync("solve", "--problems", bad)).ShouldBeRefused("bad.jsonl", "2");
        (await CliRunner.RunAsync("solve", "--model", "puzzles/reward", "--task", "chain")).ShouldBeRefused("cannot think");
    }

    private static string[] Answers(string lines) => [.. lines.TrimEnd('\n').Split('\n')[..^1].Select(line =>
    {
        using var document = JsonDocument.Parse(line);
        return $"{document.RootElement.GetProperty("answer")} {document.RootElement.GetProperty("samples_correct")} {document.RootElement.GetProperty("tokens")}";
    })];
}
