using System.Text.Json;
using Ponder.Cli.Batch;
using Ponder.Cli.Tests.Support;
using Ponder.Inference.Sampling;

namespace Ponder.Cli.Tests.Batch;

public sealed class BatchTests : IDisposable
{
    private const string Puzzle = "Make 84 from 13 24 36 37:\\n";

    private readonly TempFolder _folder = new();

    [Fact]
    public async Task An_answer_is_that_of_ponder_run()
    {
        var answer = (await AnswersAsync(0, $$"""{"id": "a", "prompt": "{{Puzzle}}", "temperature": 1, "seed": 7}""")).Single();
        var run = await CliRunner.RunAsync("run", "puzzles", "-p", "Make 84 from 13 24 36 37:\n", "--temperature", "1", "--seed", "7", "--json");
        using var expected = JsonDocument.Parse(run.ShouldSucceed());
        answer.Text("text").ShouldBe(expected.RootElement.Text("text"));
        answer.Text("finish_reason").ShouldBe("stop");
        answer.GetProperty("seed").GetUInt64().ShouldBe(7UL);
        answer.GetProperty("token_ids").ToString().ShouldBe(expected.RootElement.GetProperty("token_ids").ToString());
        var usage = answer.GetProperty("usage");
        int prompt = usage.GetProperty("prompt_tokens").GetInt32(), generated = usage.GetProperty("completion_tokens").GetInt32();
        prompt.ShouldBe(expected.RootElement.GetProperty("usage").GetProperty("prompt_tokens").GetInt32());
        generated.ShouldBe(answer.GetProperty("token_ids").GetArrayLength());
        usage.GetProperty("total_tokens").GetInt32().ShouldBe(prompt + generated);
    }

    [Fact]
    public async Task Fields_of_a_line_win_over_the_options()
    {
        string[] lines =
        [
            $$"""{"id": "options", "prompt": "{{Puzzle}}"}""",
            $$"""{"id": "own", "prompt": "{{Puzzle}}", "max_tokens": 5, "ignore_eos": true, "top_k": 1, "stop": null}""",
            $$"""{"id": "stopped", "prompt": "{{Puzzle}}", "max_tokens": 100, "temperature": 0, "stop": [" left", "never"]}""",
            $$"""{"id": "many", "prompt": "{{Puzzle}}", "n": 3, "logprobs": true, "top_p": 0.9, "min_p": 0.01}""",
        ];
        var answers = await AnswersAsync(0, lines, "--max-tokens", "3", "--temperature", "1", "--stop", "never");
        answers.Of("options").GetProperty("token_ids").GetArrayLength().ShouldBe(3);
        answers.Of("options").Text("finish_reason").ShouldBe("length");
        answers.Of("options").TryGetProperty("logprobs", out _).ShouldBeFalse();
        answers.Of("own").GetProperty("token_ids").GetArrayLength().ShouldBe(5);
        answers.Of("stopped").Text("text").ShouldNotContain("left");
        answers.Of("stopped").Text("finish_reason").ShouldBe("stop");
        JsonElement[] choices = [.. answers.Of("many").GetProperty("choices").EnumerateArray()];
        choices.Select(choice => choice.GetProperty("index").GetInt32()).ShouldBe([0, 1, 2]);
        choices.ShouldAllBe(choice => choice.GetProperty("logprobs").GetArrayLength() == choice.GetProperty("token_ids").GetArrayLength());
        answers.Of("many").GetProperty("usage").GetProperty("completion_tokens").GetInt32().ShouldBe(9);
    }

    [Fact]
    public async Task Every_sampling_option_has_its_field()
    {
        var options = typeof(SamplingOptions).GetProperties().Where(option => option.CanWrite && !option.GetMethod!.IsStatic);
        foreach (var option in options)
            RequestReader.Names.ShouldContain(JsonNamingPolicy.SnakeCaseLower.ConvertName(option.Name));
        string fields = "\"typical\": 0.9, \"top_n_sigma\": 2, \"mirostat_tau\": 4, \"mirostat_eta\": 0.2, \"repetition_penalty\": 1.1, \"frequency_penalty\": 0.1, "
            + "\"presence_penalty\": 0.1, \"penalty_window\": 5, \"dry_multiplier\": 0.8, \"dry_base\": 1.5, \"dry_allowed_length\": 3, \"dry_window\": 9, "
            + "\"dry_sequence_breakers\": [\"x\"], \"priority\": -1, \"max_tokens\": 4, \"ignore_eos\": true";
        var answers = await AnswersAsync(0, $$"""{"id": "all", "prompt": "{{Puzzle}}", {{fields}}}""", $$"""{"id": "biased", "prompt": "{{Puzzle}}", "logit_bias": {"7": 100}, {{fields}}}""");
        answers.Of("all").GetProperty("token_ids").GetArrayLength().ShouldBe(4);
        answers.Of("biased").GetProperty("token_ids")[0].GetInt32().ShouldBe(7);
    }

    [Fact]
    public async Task Prompts_are_texts_token_ids_or_messages()
    {
        string model = TinyModel.WriteChat(_folder);
        string[] lines =
        [
            """{"id": "ids", "prompt": [5, 6, 7]}""",
            """{"id": "text", "prompt": "hello"}""",
            """{"id": "chat", "messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "hello", "name": "Ada"}]}""",
            """{"id": "parts", "messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": [{"type": "text", "text": "hel"}, {"type": "text", "text": "lo"}]}]}""",
        ];
        var answers = await AnswersOfAsync(model, 0, lines, "--max-tokens", "2", "--temperature", "0");
        int PromptTokens(string id) => answers.Of(id).GetProperty("usage").GetProperty("prompt_tokens").GetInt32();
        PromptTokens("ids").ShouldBe(3);
        PromptTokens("chat").ShouldBeGreaterThan(PromptTokens("text"));
        PromptTokens("parts").ShouldBe(PromptTokens("chat"));
        answers.Of("parts").GetProperty("token_ids").ToString().ShouldBe(answers.Of("chat").GetProperty("token_ids").ToString());
    }

    [Fact]
    public async Task The_same_request_gets_the_same_answer_wherever_it_stands()
    {
        string[] lines = [.. Enumerable.Range(0, 12).Select(i => $$"""{"id": {{i}}, "prompt": "Make {{40 + i}} from 3 7 8 12:\n"}""")];
        var forwards = await AnswersAsync(0, lines, "--temperature", "1", "--max-tokens", "12");
        File.Delete(_folder["answers.jsonl"]);
        var backwards = await AnswersAsync(0, [.. lines.Reverse()], "--temperature", "1", "--max-tokens", "12", "--in-flight", "1");
        foreach (var answer in forwards)
            backwards.Of(answer.GetProperty("id").ToString()).ToString().ShouldBe(answer.ToString());
        File.Delete(_folder["answers.jsonl"]);
        var others = await AnswersAsync(0, lines, "--temperature", "1", "--max-tokens", "12", "--seed", "1");
        others.ShouldContain(answer => answer.Text("text") != forwards.Of(answer.GetProperty("id").ToString()).Text("text"));
    }

    [Fact]
    public async Task Requests_of_one_text_draw_apart_by_their_ids()
    {
        string[] lines = [.. Enumerable.Range(0, 8).Select(i => $$"""{"id": "{{i}}", "prompt": "{{Puzzle}}"}""")];
        var answers = await AnswersAsync(0, lines, "--temperature", "1", "--max-tokens", "12");
        answers.Select(answer => answer.Text("text")).Distinct().Count().ShouldBeGreaterThan(1);
        answers.ShouldAllBe(answer => answer.GetProperty("seed").GetUInt64() < 1UL << 53);
    }

    [Theory]
    [InlineData("not json", "not valid JSON (byte 2)")]
    [InlineData("[1, 2]", "no JSON object")]
    [InlineData("""{"prompt": "x", "prompt": "y"}""", "not valid JSON", "prompt")]
    [InlineData("""{"prmpt": "x"}""", "'prmpt' (did you mean 'prompt'?)")]
    [InlineData("""{"prompt": "x", "user": null}""", "no field 'user'; the known ones are id, prompt")]
    [InlineData("""{"temperature": 1}""", "neither 'prompt' nor 'messages'")]
    [InlineData("""{"prompt": "x", "messages": []}""", "both 'prompt' and 'messages'")]
    [InlineData("""{"messages": []}""", "'messages' holds no message")]
    [InlineData("""{"messages": "x"}""", "'messages' is not an array of messages")]
    [InlineData("""{"messages": [{"role": "user", "contents": "x"}]}""", "'contents' (did you mean 'content'?)")]
    [InlineData("""{"messages": [{"content": "x"}]}""", "'messages[0]' has no 'role'")]
    [InlineData("""{"messages": [{"role": 1}]}""", "'messages[0].role' is not a text")]
    [InlineData("""{"messages": [{"role": "user", "content": [{"type": "image"}]}]}""", "'messages[0].content[0]' has no 'text'")]
    [InlineData("""{"messages": [{"role": "user", "content": "x"}]}""", "no chat template")]
    [InlineData("""{"prompt": 7}""", "'prompt' is not a text or an array of token ids")]
    [InlineData("""{"prompt": [1, "x"]}""", "'prompt[1]' is not a whole number")]
    [InlineData("""{"prompt": []}""", "The prompt is empty")]
    [InlineData("""{"prompt": [99999]}""", "Token ids run from 0 to 1378")]
    [InlineData("""{"prompt": "\ud800"}""", "'prompt' holds bytes or escapes that are no text")]
    [InlineData("""{"\ud800": 1}""", "name of a field")]
    [InlineData("""{"prompt": "x", "max_tokens": 0}""", "'max_tokens' is not a whole number from 1")]
    [InlineData("""{"prompt": "x", "max_tokens": 1.5}""", "'max_tokens'")]
    [InlineData("""{"prompt": "x", "n": 0}""", "'n' is not a whole number from 1")]
    [InlineData("""{"prompt": "x", "temperature": "hot"}""", "'temperature' is not a number")]
    [InlineData("""{"prompt": "x", "temperature": 1e999}""", "temperature must be from 0 to 100")]
    [InlineData("""{"prompt": "x", "top_p": 7}""", "top_p must be above 0")]
    [InlineData("""{"prompt": "x", "min_p": -1}""", "min_p must be")]
    [InlineData("""{"prompt": "x", "top_k": -1}""", "'top_k'")]
    [InlineData("""{"prompt": "x", "frequency_penalty": 3}""", "frequency_penalty must be from -2 to 2")]
    [InlineData("""{"prompt": "x", "dry_sequence_breakers": [""]}""", "empty text")]
    [InlineData("""{"prompt": "x", "logit_bias": [1]}""", "'logit_bias' is not an object")]
    [InlineData("""{"prompt": "x", "logit_bias": {"x": 1}}""", "'logit_bias' holds 'x', which is no token id")]
    [InlineData("""{"prompt": "x", "logit_bias": {"1": 1, "01": 1}}""", "'01'")]
    [InlineData("""{"prompt": "x", "logit_bias": {"1": "1"}}""", "'logit_bias.1' is not a number")]
    [InlineData("""{"prompt": "x", "logit_bias": {"1": 101}}""", "must be from -100 to 100")]
    [InlineData("""{"prompt": "x", "priority": "high"}""", "'priority' is not a whole number")]
    [InlineData("""{"prompt": "x", "seed": -1}""", "'seed' is not a whole number from 0")]
    [InlineData("""{"prompt": "x", "stop": [1]}""", "'stop[0]' is not a text")]
    [InlineData("""{"prompt": "x", "stop": ""}""", "Stop holds an empty text")]
    [InlineData("""{"prompt": "x", "logprobs": 5}""", "'logprobs' is not true or false")]
    [InlineData("""{"messages": [{"role": "user", "\ud800": 1}]}""", "name of a field")]
    [InlineData("""{"prompt": "x", "id": [1]}""", "'id' is neither a text nor a whole number")]
    public async Task A_bad_line_is_an_error_and_the_others_go_on(string line, params string[] parts)
    {
        var answers = await AnswersAsync(1, line, $$"""{"id": "good", "prompt": "{{Puzzle}}", "max_tokens": 1}""");
        answers.Length.ShouldBe(2);
        answers.Of("good").GetProperty("token_ids").GetArrayLength().ShouldBe(1);
        var error = answers.Of("line-1");
        error.GetProperty("line").GetInt32().ShouldBe(1);
        error.EnumerateObject().Select(field => field.Name).ShouldBe(["id", "line", "error"]);
        foreach (string part in parts)
            error.Text("error").ShouldContain(part, Case.Insensitive);
        error.Text("error").ShouldEndWith(".");
    }

    [Fact]
    public async Task An_error_has_the_id_of_its_request_and_a_long_prompt_both_lengths()
    {
        string prompt = string.Concat(Enumerable.Repeat("7 ", 200));
        var error = (await AnswersAsync(1, $$"""{"id": 12, "prompt": "{{prompt}}"}""")).Single();
        error.GetProperty("id").GetInt32().ShouldBe(12);
        error.Text("error").ShouldContain("401");
        error.Text("error").ShouldContain("256");
    }

    [Fact]
    public async Task A_second_request_with_an_id_is_an_error_of_its_line_and_only_once()
    {
        string[] lines =
        [
            $$"""{"id": 17, "prompt": "{{Puzzle}}", "max_tokens": 1}""",
            "",
            $$"""{"id": "17", "prompt": "another"}""",
            $$"""{"prompt": "{{Puzzle}}", "max_tokens": 1}""",
        ];
        for (int run = 0; run < 2; run++)
        {
            var answers = await AnswersAsync(1, lines);
            answers.Length.ShouldBe(3);
            answers.Of("17").GetProperty("token_ids").GetArrayLength().ShouldBe(1);
            answers.Of("line-3").Text("error").ShouldContain("Line 1 has the id '17' already");
            answers.Of("line-4").GetProperty("token_ids").GetArrayLength().ShouldBe(1);
        }
    }

    [Fact]
    public async Task A_line_longer_than_the_limit_is_an_error()
    {
        string tooLong = $$"""{"id": "long", "prompt": "{{new string('x', BatchRun.LongestLine)}}"}""";
        var answers = await AnswersAsync(1, tooLong, $$"""{"id": "good", "prompt": "{{Puzzle}}", "max_tokens": 1}""");
        answers.Of("line-1").Text("error").ShouldContain("longer than 16 MiB");
        answers.Of("good").Text("finish_reason").ShouldBe("length");
    }

    [Fact]
    public async Task What_was_done_is_told_on_stderr_and_stdout_stays_empty()
    {
        string requests = _folder.Write("requests.jsonl", $$"""{"id": "a", "prompt": "{{Puzzle}}", "max_tokens": 4}""" + "\n{}\n");
        var result = await CliRunner.RunAsync("batch", "puzzles", requests, "--out", _folder["answers.jsonl"]);
        result.Code.ShouldBe(1);
        result.Out.ShouldBeEmpty();
        result.Error.ShouldStartWith("ponder: 1 requests answered, 1 errors, 0 done before; 14 prompt tokens, 4 tokens in ");
    }

    [Fact]
    public async Task Files_that_cannot_serve_are_refused()
    {
        string requests = _folder.Write("requests.jsonl", "{}\n");
        string notes = _folder.Write("notes.txt", "my notes\n"), untidy = _folder.Write("untidy.txt", "my notes"), other = _folder.Write("other.jsonl", "{\"id\":1}\n");
        (await CliRunner.RunAsync("batch", "puzzles", requests, "--out", requests)).ShouldBeRefused("--out", "file of the requests");
        (await CliRunner.RunAsync("batch", "puzzles", requests, "--out", Path.Combine(_folder.Path, ".", "requests.jsonl"))).ShouldBeRefused("--out");
        (await CliRunner.RunAsync("batch", "puzzles", _folder["absent.jsonl"], "--out", _folder["a.jsonl"])).ShouldBeRefused("absent.jsonl", "no such file");
        (await CliRunner.RunAsync("batch", "puzzles", requests, "--out", _folder.Path)).ShouldBeRefused(_folder.Path);
        (await CliRunner.RunAsync("batch", "puzzles", requests, "--out", Path.Combine(_folder["absent"], "a.jsonl"))).ShouldBeRefused("cannot be written");
        (await CliRunner.RunAsync("batch", "puzzles", requests, "--out", _folder["a.jsonl"], "--in-flight", "0")).ShouldBeRefused("--in-flight");
        (await CliRunner.RunAsync("batch", "puzzles/reward", requests, "--out", _folder["a.jsonl"])).ShouldBeRefused("cannot generate text");
        (await CliRunner.RunAsync("batch", "puzzles", requests)).ShouldBeRefused("--out");
        foreach (string foreign in (string[])[notes, untidy, other])
        {
            string before = File.ReadAllText(foreign);
            (await CliRunner.RunAsync("batch", "puzzles", requests, "--out", foreign)).ShouldBeRefused(foreign, "line 1 is no answer");
            (await CliRunner.RunAsync("batch", "puzzles", requests, "--out", foreign, "--retry-errors")).ShouldBeRefused(foreign, "line 1 is no answer");
            File.ReadAllText(foreign).ShouldBe(before);
        }
        Directory.GetFiles(_folder.Path, "*.new").ShouldBeEmpty();
    }

    [Fact]
    public async Task A_request_file_under_another_name_is_not_written_to()
    {
        if (OperatingSystem.IsWindows())
            return;
        string requests = _folder.Write("requests.jsonl", "{}\n");
        File.CreateSymbolicLink(_folder["link.jsonl"], requests);
        (await CliRunner.RunAsync("batch", "puzzles", requests, "--out", _folder["link.jsonl"])).ShouldBeRefused("file of the requests");
        System.Diagnostics.Process.Start("ln", [requests, _folder["hard.jsonl"]]).WaitForExit();
        (await CliRunner.RunAsync("batch", "puzzles", requests, "--out", _folder["hard.jsonl"])).ShouldBeRefused("hard.jsonl");
        File.ReadAllText(requests).ShouldBe("{}\n");
    }

    public void Dispose() => _folder.Dispose();

    private Task<JsonElement[]> AnswersAsync(int code, params string[] lines) => AnswersOfAsync("puzzles", code, lines);

    private Task<JsonElement[]> AnswersAsync(int code, string[] lines, params string[] options) => AnswersOfAsync("puzzles", code, lines, options);

    private async Task<JsonElement[]> AnswersOfAsync(string model, int code, string[] lines, params string[] options)
    {
        string requests = _folder.Write("requests.jsonl", string.Join("\n", lines));
        var result = await CliRunner.RunAsync(["batch", model, requests, "--out", _folder["answers.jsonl"], .. options]);
        result.Code.ShouldBe(code, result.Error);
        return Jsonl.Read(_folder["answers.jsonl"]);
    }
}
