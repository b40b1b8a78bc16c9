using System.Text.Json;
using Ponder.Cli.Tests.Support;
using Ponder.TestSupport;

namespace Ponder.Cli.Tests;

public class RunTests
{
    private const string Puzzle = "Make 84 from 13 24 36 37:\n";

    [Fact]
    public async Task Greedy_text_is_streamed_to_stdout_and_nothing_is_told()
    {
        var result = await CliRunner.RunAsync("run", "puzzles", "-p", Puzzle, "--temperature", "0");
        result.ShouldSucceed().ShouldContain("left 84\n");
        result.Error.ShouldBeEmpty();
    }

    [Fact]
    public async Task Json_holds_text_ids_reason_usage_and_seed()
    {
        var result = await CliRunner.RunAsync("run", "puzzles", "-p", Puzzle, "--seed", "7", "--temperature", "1", "--json");
        using var json = JsonDocument.Parse(result.ShouldSucceed());
        var root = json.RootElement;
        root.GetProperty("finish_reason").GetString().ShouldBe("stop");
        root.GetProperty("seed").GetUInt64().ShouldBe(7UL);
        root.GetProperty("usage").GetProperty("completion_tokens").GetInt32().ShouldBe(root.GetProperty("token_ids").GetArrayLength());
        root.GetProperty("usage").GetProperty("prompt_tokens").GetInt32().ShouldBeGreaterThan(5);
        root.GetProperty("text").GetString().ShouldNotBeNullOrEmpty();
        root.GetProperty("seconds").GetDouble().ShouldBeGreaterThan(0);
        root.GetProperty("tokens_per_second").GetDouble().ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task The_same_seed_gives_the_same_text_and_another_seed_another()
    {
        async Task<string> Draw(string seed) =>
            (await CliRunner.RunAsync("run", "puzzles", "-p", Puzzle, "--seed", seed, "--temperature", "1", "--max-tokens", "60")).ShouldSucceed();

        string first = await Draw("1");
        (await Draw("1")).ShouldBe(first);
        string[] others = [await Draw("2"), await Draw("3"), await Draw("4")];
        others.ShouldContain(text => text != first);
    }

    [Fact]
    public async Task Speculation_and_little_memory_change_no_token()
    {
        string[] run = ["run", "puzzles", "-p", Puzzle, "--seed", "5", "--temperature", "1"];
        string plain = (await CliRunner.RunAsync(run)).ShouldSucceed();
        (await CliRunner.RunAsync([.. run, "--speculate", "--kv-memory", "1"])).ShouldSucceed().ShouldBe(plain);
        (await CliRunner.RunAsync([.. run, "--kv-memory", "0"])).ShouldBeRefused("--kv-memory is 0");
    }

    [Fact]
    public async Task A_random_seed_is_told_and_repeats_the_answer()
    {
        var drawn = await CliRunner.RunAsync("run", "puzzles", "-p", Puzzle, "--temperature", "1");
        drawn.Error.ShouldStartWith("ponder: seed ");
        string seed = drawn.Error["ponder: seed ".Length..].Trim();
        (await CliRunner.RunAsync("run", "puzzles", "-p", Puzzle, "--temperature", "1", "--seed", seed)).ShouldSucceed().ShouldBe(drawn.Out);
    }

    [Fact]
    public async Task The_prompt_comes_from_standard_input()
    {
        var given = await CliRunner.RunAsync("run", "puzzles", "-p", Puzzle, "--temperature", "0");
        (await CliRunner.RunWithInputAsync(Puzzle, "run", "puzzles", "--temperature", "0")).ShouldSucceed().ShouldBe(given.Out);
        (await CliRunner.RunWithInputAsync(Puzzle, "run", "puzzles", "-p", "-", "--temperature", "0")).ShouldSucceed().ShouldBe(given.Out);
    }

    [Fact]
    public async Task A_stop_text_ends_the_answer_and_is_not_part_of_it()
    {
        var result = await CliRunner.RunAsync("run", "puzzles", "-p", Puzzle, "--temperature", "0", "--stop", " left", "--stop", "never", "--json");
        using var json = JsonDocument.Parse(result.ShouldSucceed());
        json.RootElement.GetProperty("text").GetString()!.ShouldNotContain("left");
        json.RootElement.GetProperty("finish_reason").GetString().ShouldBe("stop");
    }

    [Fact]
    public async Task Max_tokens_ends_the_answer_with_its_reason()
    {
        var result = await CliRunner.RunAsync("run", "puzzles", "-p", Puzzle, "--max-tokens", "3", "--ignore-eos", "--json");
        using var json = JsonDocument.Parse(result.ShouldSucceed());
        json.RootElement.GetProperty("token_ids").GetArrayLength().ShouldBe(3);
        json.RootElement.GetProperty("finish_reason").GetString().ShouldBe("length");
    }

    [Fact]
    public async Task An_answer_that_nobody_limited_says_why_it_ends()
    {
        var result = await CliRunner.RunAsync("run", "puzzles", "-p", Puzzle, "--temperature", "0", "--ignore-eos");
        result.Code.ShouldBe(0);
        result.Error.ShouldContain("the answer was ended after");
    }

    [Fact]
    public async Task Raw_leaves_out_the_token_that_begins_a_text()
    {
        async Task<int> PromptTokens(params string[] more)
        {
            var result = await CliRunner.RunAsync(["run", "puzzles", "-p", Puzzle, "--max-tokens", "1", "--json", .. more]);
            using var json = JsonDocument.Parse(result.ShouldSucceed());
            return json.RootElement.GetProperty("usage").GetProperty("prompt_tokens").GetInt32();
        }

        (await PromptTokens()).ShouldBe(await PromptTokens("--raw") + 1);
        (await PromptTokens("--no-special")).ShouldBe(await PromptTokens("--raw"));
    }

    [Fact]
    public async Task Chat_puts_the_prompt_into_the_template()
    {
        using var folder = new TempFolder();
        string model = TinyModel.WriteChat(folder);
        async Task<int> PromptTokens(params string[] more)
        {
            var result = await CliRunner.RunAsync(["run", model, "-p", "hello", "--max-tokens", "1", "--json", .. more]);
            using var json = JsonDocument.Parse(result.ShouldSucceed());
            return json.RootElement.GetProperty("usage").GetProperty("prompt_tokens").GetInt32();
        }

        int plain = await PromptTokens(), chat = await PromptTokens("--chat"), system = await PromptTokens("--system", "Be brief.");
        chat.ShouldBeGreaterThan(plain);
        system.ShouldBeGreaterThan(chat);
    }

    [Fact]
    public async Task Interrupting_keeps_what_was_said_and_returns_130()
    {
        using var output = new InterruptingWriter();
        using var error = new StringWriter();
        var terminal = new Terminal { In = TextReader.Null, Out = output, Error = error };
        output.OnWrite = () => terminal.Interrupts.Raise();
        int code = await CommandLine.RunAsync(["run", "puzzles", "-p", Puzzle, "--temperature", "0", "--ignore-eos"], terminal);
        code.ShouldBe(130);
        output.ToString().ShouldEndWith("\n");
        output.ToString().Length.ShouldBeGreaterThan(1);
    }

    [Fact]
    public async Task The_program_itself_answers()
    {
        var result = await CliRunner.StartAsync(["run", "puzzles", "--temperature", "0"], input: Puzzle);
        result.ShouldSucceed().ShouldContain("left 84\n");
        result.Error.ShouldBeEmpty();
    }

    [SharedFact]
    public async Task Greedy_ids_of_SmolLM2_are_the_reference()
    {
        using var reference = JsonDocument.Parse(File.ReadAllText(SharedData.Path("models", "smollm2", "greedy.json")));
        var prompts = reference.RootElement.GetProperty("prompts").EnumerateArray().ToArray();
        foreach (var prompt in (JsonElement[])[prompts.First(p => p.GetProperty("kind").GetString() == "chat"), prompts.First(p => p.GetProperty("kind").GetString() != "chat")])
        {
            int[] ids = [.. prompt.GetProperty("greedy_ids").EnumerateArray().Select(id => id.GetInt32())];
            double[] margins = [.. prompt.GetProperty("top1_minus_top2").EnumerateArray().Select(m => m.GetDouble())];
            int certain = Math.Min(24, margins.TakeWhile(margin => margin >= 0.05).Count());
            var result = await CliRunner.RunAsync(
                "run", SharedData.Path("models", "smollm2", "SmolLM2-135M-Instruct.Q4_1.gguf"), "-p", prompt.GetProperty("prompt").GetString()!,
                "--precision", "exact", "--parse-special", "--raw", "--temperature", "0", "--max-tokens", $"{certain}", "--json");
            using var json = JsonDocument.Parse(result.ShouldSucceed());
            json.RootElement.GetProperty("token_ids").EnumerateArray().Select(id => id.GetInt32()).ShouldBe(ids.Take(certain));
        }
    }

    [SharedFact]
    public async Task Ctrl_C_ends_a_long_answer_with_130()
    {
        if (OperatingSystem.IsWindows())
            return;
        var result = await CliRunner.StartAsync(
            ["run", SharedData.Path("models", "smollm2", "SmolLM2-135M-Instruct.Q4_1.gguf"), "-p", "Once upon a time", "--ignore-eos", "--max-tokens", "5000"],
            onOutput: process => System.Diagnostics.Process.Start("kill", ["-INT", $"{process.Id}"]).WaitForExit());
        result.Code.ShouldBe(130, result.Error);
        result.Out.ShouldEndWith("\n");
    }

    private sealed class InterruptingWriter : StringWriter
    {
        public Action OnWrite { get; set; } = () => { };

        public override async Task WriteAsync(string? value)
        {
            await base.WriteAsync(value);
            OnWrite();
        }
    }
}
