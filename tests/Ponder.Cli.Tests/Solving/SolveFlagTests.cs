using System.Text.Json;
using Ponder.Cli.Tests.Support;

namespace Ponder.Cli.Tests.Solving;

public sealed class SolveFlagTests
{
    private const string Puzzle = "Make 24 from 3 7 8 12";

    [Fact]
    public async Task A_puzzle_by_place_by_name_and_behind_its_model_is_the_same_puzzle()
    {
        string byPlace = await AnswerAsync(Puzzle);
        (await AnswerAsync("-p", Puzzle)).ShouldBe(byPlace);
        (await AnswerAsync("puzzles", Puzzle)).ShouldBe(byPlace);
        (await AnswerAsync("puzzles", "-p", Puzzle, "--task", "countdown")).ShouldBe(byPlace);
        (await AnswerAsync("--model", "puzzles", Puzzle)).ShouldBe(byPlace);
    }

    [Fact]
    public async Task The_width_is_an_option_of_searches()
    {
        string[] search = ["solve", Puzzle, "--strategy", "rebase", "--width", "4", "--seed", "1"];
        (await CliRunner.RunAsync([.. search, "--json"])).Out.ShouldContain("\"strategy\":\"rebase\"");
        (await CliRunner.RunAsync([.. search, "--set", "width=4"])).ShouldBeRefused("given twice, with --width and with --set");
        (await CliRunner.RunAsync("solve", Puzzle, "--width", "4", "--strategy", "majority")).ShouldBeRefused("does not have");
        (await CliRunner.RunAsync("solve", Puzzle, "--width", "0", "--strategy", "rebase")).ShouldBeRefused("--width is 0");
    }

    [Fact]
    public async Task A_strategy_may_be_given_with_its_options_as_one_text()
    {
        string[] solve = ["solve", Puzzle, "--seed", "1", "--json"];
        string asText = (await CliRunner.RunAsync([.. solve, "--strategy", "ensemble runs=2 inner=(majority samples=3)"])).Out;
        asText.ShouldContain("\"strategy\":\"ensemble\"");
        string byFlags = (await CliRunner.RunAsync([.. solve, "--strategy", "ensemble runs=2", "--set", "inner=(majority samples=3)"])).Out;
        Answer(byFlags).ShouldBe(Answer(asText));
        (await CliRunner.RunAsync([.. solve, "--strategy", "rebase width=4", "--width", "4"])).ShouldBeRefused("width is given twice");
        (await CliRunner.RunAsync([.. solve, "--strategy", "ensemble inner=(rebas width=4)"])).ShouldBeRefused("'rebas'");

        static string Answer(string lines) => JsonDocument.Parse(lines.Split('\n')[0]).RootElement.GetProperty("text").GetRawText();
    }

    [Fact]
    public async Task A_drafter_is_a_second_model()
    {
        var result = await CliRunner.RunAsync("solve", Puzzle, "--strategy", "spec-reason", "--drafter", "puzzles", "--seed", "1", "--json");
        result.Code.ShouldBeOneOf(0, 1);
        JsonDocument.Parse(result.Out.Split('\n')[0]).RootElement.GetProperty("notes").EnumerateArray().Select(note => note.GetString())
            .ShouldContain(note => note!.Contains("drafted steps"));
        (await CliRunner.RunAsync("solve", Puzzle, "--strategy", "spec-reason", "--drafter", "puzzles/reward")).Code.ShouldNotBe(0);
    }

    [Fact]
    public async Task A_bad_line_of_a_file_of_puzzles_is_named()
    {
        using var folder = new TempFolder();
        string file = folder["puzzles.jsonl"];
        await File.WriteAllTextAsync(file, "{\"prompt\":\"Make 24 from 3 7 8 12\"}\n\n{\"prompt\":\"Make it so\"}\n");
        (await CliRunner.RunAsync("solve", "--problems", file)).ShouldBeRefused("line 3", "Make it so");
        await File.WriteAllTextAsync(file, "{\"prompt\":5}\n");
        (await CliRunner.RunAsync("solve", "--problems", file)).ShouldBeRefused("line 1", "prompt");
        await File.WriteAllTextAsync(file, "{\"numbers\":[3,7,8,12],\"target\":24}\n");
        (await CliRunner.RunAsync("solve", "--problems", file, "--samples", "2", "--seed", "1", "--json")).Out.ShouldContain("Make 24 from 3 7 8 12:");
    }

    [Fact]
    public async Task A_model_alone_gets_a_puzzle_made_up_if_it_is_the_shipped_one()
    {
        (await CliRunner.RunAsync("solve", "puzzles", "--samples", "2", "--seed", "1")).Out.ShouldContain("A made-up puzzle: ");
        using var folder = new TempFolder();
        (await CliRunner.RunAsync("solve", TinyModel.WriteChat(folder))).ShouldBeRefused("nothing for", "to solve", "-p", "--problems");
    }

    [Fact]
    public async Task A_question_to_another_model_is_open_and_has_no_known_answer()
    {
        using var folder = new TempFolder();
        string model = TinyModel.WriteChat(folder);
        var result = await CliRunner.RunAsync("solve", model, "What is 2 + 2?", "--samples", "3", "--max-tokens", "6", "--seed", "5", "--json");
        result.Code.ShouldBeOneOf(0, 1);
        var line = JsonDocument.Parse(result.Out.Split('\n')[0]).RootElement;
        line.GetProperty("correct").ValueKind.ShouldBe(JsonValueKind.Null);
        line.GetProperty("tokens").GetProperty("generated").GetInt32().ShouldBeInRange(3, 18);
        var summary = JsonDocument.Parse(result.Out.Split('\n')[1]).RootElement.GetProperty("summary");
        summary.GetProperty("accuracy").ValueKind.ShouldBe(JsonValueKind.Null);
        summary.GetProperty("pass_at").EnumerateObject().ShouldBeEmpty();
    }

    [Theory]
    [InlineData("'majority'", "--strategy", "majorty")]
    [InlineData("no option 'sample'; did you mean 'samples'", "--strategy", "majority", "--set", "sample=3")]
    [InlineData("'three'", "--strategy", "majority", "--set", "samples=three")]
    [InlineData("'samples', which the strategy single does not have; its options are temperature", "--strategy", "single", "--samples", "3")]
    [InlineData("needs a verifier, and problem 1 (chain) has none", "--strategy", "iterative-decoding", "--task", "chain")]
    [InlineData("spec-reason needs a drafter: --drafter MODEL", "--strategy", "spec-reason")]
    [InlineData("majority has nothing drafted", "--strategy", "majority", "--drafter", "puzzles")]
    [InlineData("OPTION=VALUE", "--set", "samples")]
    [InlineData("given twice for the option samples", "--set", "samples=3", "--set", "samples=4")]
    [InlineData("given twice", "--set", "samples=3", "--samples", "4")]
    [InlineData("--samples is 0", "--samples", "0")]
    [InlineData("--budget-tokens is 0", "--budget-tokens", "0")]
    [InlineData("--budget-sequential is -1", "--budget-sequential", "-1")]
    [InlineData("--budget-samples is 0", "--budget-samples", "0")]
    [InlineData("--budget-seconds is 0", "--budget-seconds", "0")]
    [InlineData("--budget-seconds is NaN", "--budget-seconds", "NaN")]
    [InlineData("--max-tokens is 0", "--max-tokens", "0")]
    [InlineData("--step wants a value", "--step=")]
    [InlineData("no reward 'puzles'", "--reward", "puzles")]
    [InlineData("--reward-aggregation", "--reward-aggregation", "median")]
    [InlineData("no verifier 'tests'", "--verifier", "tests")]
    [InlineData("not a regular expression", "--verifier", "regex:(")]
    [InlineData("absent.json", "--verifier", "json-schema:absent.json")]
    [InlineData("--trace", "--trace", "no/such/folder/t.jsonl")]
    [InlineData("leave one out", "-p", Puzzle, "--count", "2")]
    [InlineData("MODEL is given twice", "--model", "puzzles", "puzzles", Puzzle)]
    [InlineData("PUZZLE is given twice", Puzzle, "-p", Puzzle)]
    [InlineData("there is no such file", "nowhere.gguf")]
    [InlineData("no task 'chian'; did you mean 'chain'", "--task", "chian")]
    public async Task What_cannot_be_done_is_refused_in_one_sentence(string part, params string[] args) =>
        (await CliRunner.RunAsync(["solve", .. args])).ShouldBeRefused(part);

    [Fact]
    public async Task A_strategy_that_needs_a_reward_says_so_before_another_model_is_loaded()
    {
        using var folder = new TempFolder();
        string model = TinyModel.WriteChat(folder);
        (await CliRunner.RunAsync("solve", model, "Why?", "--strategy", "best-of-n")).ShouldBeRefused("best-of-n needs a reward", "--reward", "self-certainty");
        (await CliRunner.RunAsync("solve", model, "Why?", "--verifier", "answer")).ShouldBeRefused("known answer", "problem 1 (open)");
    }

    [Fact]
    public async Task A_budget_of_tokens_is_kept_and_told()
    {
        var line = await LineAsync(Puzzle, "--seed", "1", "--budget-tokens", "100");
        line.GetProperty("tokens").GetProperty("generated").GetInt32().ShouldBeInRange(60, 100);
        (await LineAsync(Puzzle, "--seed", "1", "--budget-samples", "3")).GetProperty("samples").GetInt32().ShouldBe(3);
        (await LineAsync(Puzzle, "--seed", "1", "--budget-sequential", "10")).GetProperty("ledger").GetProperty("sequential").GetInt32().ShouldBe(10);
    }

    [Fact]
    public async Task The_steps_of_a_ledger_add_up_to_its_tokens()
    {
        var line = await LineAsync(Puzzle, "--seed", "1", "--samples", "5", "--strategy", "best-of-n");
        var tokens = line.GetProperty("tokens");
        var steps = line.GetProperty("ledger").GetProperty("steps").EnumerateArray().ToArray();
        steps.Length.ShouldBeGreaterThan(1);
        steps.Sum(step => step.GetProperty("generated").GetInt32()).ShouldBe(tokens.GetProperty("generated").GetInt32());
        steps.Sum(step => step.GetProperty("reward").GetInt32()).ShouldBe(tokens.GetProperty("reward").GetInt32());
        tokens.GetProperty("reward").GetInt32().ShouldBeGreaterThan(0);
        line.GetProperty("ledger").GetProperty("samples").GetInt32().ShouldBe(5);
        line.GetProperty("text").GetString().ShouldNotBeNullOrEmpty();
        line.GetProperty("strategy").GetString().ShouldBe("best-of-n");
    }

    [Fact]
    public async Task What_had_no_effect_is_noted()
    {
        Notes(await LineAsync(Puzzle, "--seed", "1", "--samples", "2", "--strategy", "majority", "--reward", "puzzles")).ShouldContain("--reward had no effect");
        Notes(await LineAsync(Puzzle, "--seed", "1", "--samples", "2", "--strategy", "majority", "--verifier", "answer")).ShouldContain("--verifier had no effect");
        // With five numbers, which it was not trained on, the policy's answers have 21 tokens or 27.
        Notes(await LineAsync("Make 24 from 3 5 7 8 12", "--seed", "1", "--samples", "32", "--strategy", "majority", "--max-tokens", "25"))
            .ShouldContain("came to the most tokens of one, 25, and gave no answer");
    }

    [Fact]
    public async Task A_verifier_of_the_users_takes_the_place_of_the_problems_own()
    {
        var line = await LineAsync(Puzzle, "--seed", "1", "--samples", "4", "--verifier", "regex:left");
        line.GetProperty("ledger").GetProperty("verified").GetInt32().ShouldBeGreaterThan(0);
        line.GetProperty("answer").ValueKind.ShouldBe(JsonValueKind.String);
        (await LineAsync(Puzzle, "--seed", "1", "--samples", "4", "--verifier", "none")).GetProperty("ledger").GetProperty("verified").GetInt32().ShouldBe(0);
    }

    [Fact]
    public async Task An_interrupt_ends_it_with_the_exit_code_of_interrupts()
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var terminal = new Terminal { In = TextReader.Null, Out = output, Error = error };
        var running = CommandLine.RunAsync(["solve", "--count", "2000", "--seed", "1"], terminal);
        while (!running.IsCompleted && !terminal.Interrupts.Raise())
            await Task.Delay(20);
        (await running.WaitAsync(TimeSpan.FromSeconds(60))).ShouldBe(ExitCodes.Interrupted);
        output.ToString().ShouldBeEmpty();
    }

    private static string Notes(JsonElement line) => string.Join(' ', line.GetProperty("notes").EnumerateArray().Select(note => note.GetString()));

    private static async Task<string> AnswerAsync(params string[] args)
    {
        var line = await LineAsync([.. args, "--samples", "4", "--seed", "3"]);
        return $"{line.GetProperty("answer")} {line.GetProperty("samples_correct")} {line.GetProperty("tokens").GetProperty("generated")}";
    }

    private static async Task<JsonElement> LineAsync(params string[] args)
    {
        var result = await CliRunner.RunAsync(["solve", .. args, "--json"]);
        result.Code.ShouldBeOneOf([0, 1], result.Error);
        return JsonDocument.Parse(result.Out.Split('\n')[0]).RootElement;
    }
}
