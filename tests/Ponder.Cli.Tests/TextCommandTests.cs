using System.Text.Json;
using Ponder.Cli.Tests.Support;
using Ponder.TestSupport;

namespace Ponder.Cli.Tests;

public class TextCommandTests
{
    [Fact]
    public async Task Tokenize_gives_ids_or_a_line_for_each()
    {
        string json = (await CliRunner.RunAsync("tokenize", "puzzles", "--text", "21+8=29", "--json")).ShouldSucceed();
        json.ShouldBe("[277, 43, 56, 61, 285]\n");
        string[] lines = (await CliRunner.RunAsync("tokenize", "puzzles", "--text", "21+8=29")).ShouldSucceed().TrimEnd('\n').Split('\n');
        lines.Length.ShouldBe(5);
        lines[0].ShouldEndWith("277  21");
    }

    [Fact]
    public async Task Tokenize_adds_and_reads_special_tokens_only_when_asked()
    {
        async Task<string> Ids(params string[] more) =>
            (await CliRunner.RunAsync(["tokenize", "puzzles", "--text", "7<|end|>", "--json", .. more])).ShouldSucceed();

        (await Ids("--parse-special")).ShouldEndWith(", 1378]\n");
        (await Ids("--add-special")).ShouldStartWith("[1377, ");
        (await Ids()).ShouldNotContain("1378");
    }

    [Fact]
    public async Task Tokenize_needs_no_weights()
    {
        using var folder = new TempFolder();
        File.Copy(Path.Combine(ModelLocator.Policy, "tokenizer.json"), folder["tokenizer.json"]);
        string text = folder.Write("text.txt", "21+8=29");
        foreach (string model in (string[])[folder["tokenizer.json"], folder.Path])
            (await CliRunner.RunAsync("tokenize", model, "--file", text, "--json")).ShouldSucceed().ShouldBe("[277, 43, 56, 61, 285]\n");
        (await CliRunner.RunWithInputAsync("21+8=29", "tokenize", folder.Path, "--file", "-", "--json")).ShouldSucceed().ShouldBe("[277, 43, 56, 61, 285]\n");
    }

    [Fact]
    public async Task Tokenize_refuses_no_text_two_texts_and_what_is_no_text()
    {
        using var folder = new TempFolder();
        File.WriteAllBytes(folder["binary"], [65, 0xff, 66]);
        (await CliRunner.RunAsync("tokenize", "puzzles")).ShouldBeRefused("--text", "--file");
        (await CliRunner.RunAsync("tokenize", "puzzles", "--text", "a", "--file", "b")).ShouldBeRefused("--text", "--file");
        (await CliRunner.RunAsync("tokenize", "puzzles", "--file", folder["absent"])).ShouldBeRefused("absent");
        (await CliRunner.RunAsync("tokenize", "puzzles", "--file", folder["binary"])).ShouldBeRefused("binary", "UTF-8");
    }

    [SharedFact]
    public async Task Tokenize_reads_a_vocabulary_without_weights()
    {
        string vocabulary = SharedData.Path("data", "tokenizers", "ggml-vocab-gpt-2.gguf");
        (await CliRunner.RunAsync("tokenize", vocabulary, "--text", "Hello world", "--json")).ShouldSucceed().ShouldBe("[15496, 995]\n");
    }

    [SharedFact]
    public async Task Template_renders_the_recorded_conversations_from_files()
    {
        using var folder = new TempFolder();
        using var rows = JsonDocument.Parse(File.ReadAllBytes(SharedData.Path("data", "templates", "end_to_end.json")));
        foreach (var row in rows.RootElement.EnumerateArray())
        {
            string template = folder.Write("template.txt", row.GetProperty("chat_template").GetString()!);
            string context = folder.Write("context.json", row.GetProperty("data").GetRawText());
            (await CliRunner.RunAsync("template", template, "--context", context, "--now", "2025-07-10T12:00:00Z")).ShouldSucceed()
                .ShouldBe(row.GetProperty("target").GetString(), row.GetProperty("name").GetString());
        }
        rows.RootElement.GetArrayLength().ShouldBe(27);
    }

    [Fact]
    public async Task Template_prints_values_as_the_dialect_says()
    {
        using var folder = new TempFolder();
        string template = folder.Write("t.jinja", "{{ yes }}"), context = folder.Write("c.json", "{\"yes\": true}");
        (await CliRunner.RunAsync("template", template, "--context", context)).ShouldSucceed().ShouldBe("true");
        (await CliRunner.RunAsync("template", template, "--context", context, "--dialect", "python")).ShouldSucceed().ShouldBe("True");
        (await CliRunner.RunAsync("template", template, "--context", context, "--dialect", "perl")).ShouldBeRefused("perl");
    }

    [Fact]
    public async Task Template_prints_exactly_what_the_template_gives()
    {
        using var folder = new TempFolder();
        string template = folder.Write("t.jinja", TinyModel.ChatTemplate);
        string context = folder.Write("c.json", """{"messages": [{"role": "user", "content": "é"}]}""");
        (await CliRunner.RunAsync("template", template, "--context", context)).ShouldSucceed().ShouldBe("<user>é\n");
        (await CliRunner.RunAsync("template", template, "--context", context, "--generation")).ShouldSucceed().ShouldBe("<user>é\n<assistant>");
        string messages = folder.Write("m.json", """[{"role": "user", "content": "é"}]""");
        (await CliRunner.RunAsync("template", template, "--context", messages)).ShouldSucceed().ShouldBe("<user>é\n");
        string config = folder.Write("tokenizer_config.json", """{"bos_token": "<s>", "chat_template": "{{ bos_token }}{{ messages[0].content }}"}""");
        (await CliRunner.RunAsync("template", config, "--context", context)).ShouldSucceed().ShouldBe("<s>é");
        (await CliRunner.RunAsync("template", folder.Path, "--context", context)).ShouldSucceed().ShouldBe("<s>é");
        (await CliRunner.RunAsync("template", TinyModel.WriteChat(folder), "--context", context)).ShouldSucceed().ShouldBe("<user>é\n");
    }

    [Fact]
    public async Task Template_refuses_what_it_cannot_render()
    {
        using var folder = new TempFolder();
        string context = folder.Write("c.json", """{"messages": []}""");
        (await CliRunner.RunAsync("template", folder.Write("open.jinja", "{% if"), "--context", context)).ShouldBeRefused("open.jinja", "line 1");
        (await CliRunner.RunAsync("template", folder.Write("throws.jinja", "{{ raise_exception('no such role') }}"), "--context", context)).ShouldBeRefused("throws.jinja", "no such role");
        (await CliRunner.RunAsync("template", folder["open.jinja"], "--context", folder.Write("bad.json", "{"))).Code.ShouldBe(2);
        (await CliRunner.RunAsync("template", folder.Write("t.jinja", "x"), "--context", folder["bad.json"])).ShouldBeRefused("bad.json", "JSON");
        (await CliRunner.RunAsync("template", folder["t.jinja"], "--context", folder.Write("number.json", "1"))).ShouldBeRefused("number.json");
        (await CliRunner.RunAsync("template", "puzzles", "--context", context)).ShouldBeRefused("no chat template");
    }

    [Fact]
    public async Task Perplexity_of_a_text_in_windows()
    {
        using var folder = new TempFolder();
        string text = folder.Write("text.txt", string.Concat(Enumerable.Repeat("33-21=12 left 8 12 33\n", 20)));
        using var all = JsonDocument.Parse((await CliRunner.RunAsync("perplexity", "puzzles", text, "--window", "64", "--json")).ShouldSucceed());
        var root = all.RootElement;
        int windows = root.GetProperty("tokens").GetInt32() / 64;
        root.GetProperty("windows").GetInt32().ShouldBe(windows);
        root.GetProperty("scored").GetInt32().ShouldBe(windows * 63);
        root.GetProperty("perplexity").GetDouble().ShouldBe(Math.Exp(root.GetProperty("nll").GetDouble()), 1e-9);
        using var last = JsonDocument.Parse((await CliRunner.RunAsync("perplexity", "puzzles", text, "--window", "64", "--windows", "2", "--score", "8", "--json")).ShouldSucceed());
        last.RootElement.GetProperty("scored").GetInt32().ShouldBe(16);
        (await CliRunner.RunAsync("perplexity", "puzzles", text, "--window", "64")).ShouldSucceed().ShouldStartWith("perplexity ");
    }

    [Fact]
    public async Task Perplexity_refuses_windows_that_do_not_fit()
    {
        using var folder = new TempFolder();
        string text = folder.Write("text.txt", "33-21=12");
        (await CliRunner.RunAsync("perplexity", "puzzles", text, "--window", "1024")).ShouldBeRefused("The window", "1024", "256");
        (await CliRunner.RunAsync("perplexity", "puzzles", text, "--window", "64")).ShouldBeRefused("text.txt", "5 tokens", "64");
        (await CliRunner.RunAsync("perplexity", "puzzles", text, "--window", "1")).ShouldBeRefused("--window");
        (await CliRunner.RunAsync("perplexity", "puzzles", text, "--window", "8", "--score", "8")).ShouldBeRefused("--score");
        (await CliRunner.RunAsync("perplexity", "puzzles", text, "--window", "8", "--windows", "0")).ShouldBeRefused("--windows");
        (await CliRunner.RunAsync("perplexity", "puzzles/reward", text, "--window", "8")).ShouldBeRefused("head");
        (await CliRunner.RunAsync("perplexity", "puzzles", folder["absent.txt"])).ShouldBeRefused("absent.txt");
    }

    [SharedFact]
    public async Task Perplexity_of_SmolLM2_is_the_reference()
    {
        string model = SharedData.Path("models", "smollm2", "SmolLM2-135M-Instruct.Q4_1.gguf"), text = SharedData.Path("models", "smollm2", "text.txt");
        using var json = JsonDocument.Parse((await CliRunner.RunAsync("perplexity", model, text, "--windows", "4", "--precision", "exact", "--json")).ShouldSucceed());
        json.RootElement.GetProperty("tokens").GetInt32().ShouldBe(11102);
        json.RootElement.GetProperty("perplexity").GetDouble().ShouldBe(5.43288, 0.002 * 5.43288);
    }

    [SharedFact]
    public async Task Perplexity_of_SmolLM2_at_8192_tokens_is_the_reference()
    {
        string model = SharedData.Path("models", "smollm2", "SmolLM2-135M-Instruct.Q4_1.gguf"), text = SharedData.Path("models", "smollm2", "text.txt");
        using var json = JsonDocument.Parse(
            (await CliRunner.RunAsync("perplexity", model, text, "--window", "8192", "--windows", "1", "--score", "512", "--precision", "exact", "--json")).ShouldSucceed());
        json.RootElement.GetProperty("perplexity").GetDouble().ShouldBe(4.73469, 0.002 * 4.73469);
    }

    [Fact]
    public async Task Score_is_the_log_probability_that_the_reference_has()
    {
        // The first text of models/puzzles/reference.json; its figure counts the end token too.
        const string answer = "33-21=12 left 8 12 33\n33-12=21 left 8 21\n21+8=29 left 29\n";
        using var json = JsonDocument.Parse((await CliRunner.RunAsync("score", "puzzles", "-p", "Make 29 from 8 21 33 33:\n", "-c", answer, "-c", "7", "--json")).ShouldSucceed());
        var (good, bad) = (json.RootElement[0], json.RootElement[1]);
        good.GetProperty("token_ids").GetArrayLength().ShouldBe(33);
        good.GetProperty("token_log_probabilities").EnumerateArray().Sum(p => p.GetDouble()).ShouldBe(good.GetProperty("log_probability").GetDouble(), 1e-9);
        good.GetProperty("log_probability").GetDouble().ShouldBe(-3.6717, 0.01);
        bad.GetProperty("log_probability").GetDouble().ShouldBeLessThan(-5);
        (await CliRunner.RunAsync("score", "puzzles", "-p", "a", "-c", "7", "-c", "8")).ShouldSucceed().Split('\n').Length.ShouldBe(3);
    }
}
