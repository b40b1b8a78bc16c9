using System.Text.Json;
using System.Text.RegularExpressions;
using Ponder.Cli.Comparing;
using Ponder.Cli.Pages;
using Ponder.Cli.Tests.Support;

namespace Ponder.Cli.Tests.Comparing;

public sealed partial class CompareTests : IDisposable
{
    // Two budgets, two seeds, three strategies with the control, six problems.
    private const int Results = 72;

    private readonly TempFolder _folder = new();

    private string Out => _folder["grid"];

    private string[] Command => ["compare", "--task", "chain", "--count", "6", "--strategies", "rebase temperature=0.3,single", "--budgets", "100,40", "--seeds", "2", "--out", Out];

    [Fact]
    public async Task It_writes_every_result_and_tables_and_a_page()
    {
        string text = (await CliRunner.RunAsync(Command)).ShouldSucceed();
        text.ShouldContain("the control is weighted-best-of-n");
        text.ShouldContain("40 tokens a problem");
        text.ShouldContain("100 tokens a problem");
        text.ShouldContain("does not beat weighted-best-of-n at any budget", customMessage: "six problems are too few for a single answer to beat it");

        var lines = Jsonl.Read(Path.Combine(Out, "cells.jsonl"));
        lines.Length.ShouldBe(Results);
        foreach (var line in lines)
        {
            line.GetProperty("tokens").GetInt64().ShouldBeInRange(1, line.GetProperty("budget").GetInt64());
            line.GetProperty("kv_bytes_peak").GetDouble().ShouldBe(line.GetProperty("kv_peak").GetInt32() * line.GetProperty("kv_bytes_per_token").GetDouble());
        }
        string[] csv = File.ReadAllLines(Path.Combine(Out, "results.csv"));
        csv.Length.ShouldBe(7);
        csv.ShouldAllBe(row => row.Split(',', StringSplitOptions.None).Length == csv[0].Split(',', StringSplitOptions.None).Length);
        using var json = JsonDocument.Parse(File.ReadAllText(Path.Combine(Out, "results.json")));
        var points = json.RootElement.GetProperty("points").EnumerateArray().ToArray();
        points.Length.ShouldBe(6);
        foreach (var point in points)
        {
            var own = lines.Where(line => line.Text("strategy") == point.Text("strategy") && line.GetProperty("budget").GetInt64() == point.GetProperty("budget").GetInt64()).ToArray();
            own.Length.ShouldBe(12);
            point.GetProperty("accuracy").GetDouble().ShouldBe(own.Average(line => line.GetProperty("correct").GetBoolean() ? 1.0 : 0), 1e-12);
            point.GetProperty("costs").GetProperty("tokens").GetDouble().ShouldBe(own.Average(line => line.GetProperty("tokens").GetInt64()), 1e-9);
        }
    }

    [Fact]
    public async Task A_comparison_that_was_cut_off_goes_on_to_the_same_results()
    {
        (await CliRunner.RunAsync(Command)).ShouldSucceed();
        string[] expected = Plain();
        byte[] whole = File.ReadAllBytes(Path.Combine(Out, "cells.jsonl"));
        int cut = whole.Length / 2;
        File.WriteAllBytes(Path.Combine(Out, "cells.jsonl"), whole[..cut]);
        int kept = whole.AsSpan(0, cut).Count((byte)'\n');

        var result = await CliRunner.RunAsync([.. Command, "--json", "--parallel", "1", "--threads", "1"]);
        using var json = JsonDocument.Parse(result.ShouldSucceed());
        json.RootElement.GetProperty("points").GetArrayLength().ShouldBe(6);
        result.Error.ShouldContain($"{kept} of {Results} were done before");
        result.Error.ShouldContain("was cut off in the middle");
        string[] resumed = Plain();
        resumed.Except(expected).ShouldBeEmpty();
        resumed.Length.ShouldBe(Results);
    }

    [Fact]
    public async Task Ctrl_C_ends_it_with_130_and_the_same_command_goes_on()
    {
        using var error = new StringWriter();
        var terminal = new Terminal { In = TextReader.Null, Out = TextWriter.Null, Error = error };
        string cells = Path.Combine(Out, "cells.jsonl");
        string[] command = [.. Command.Select(word => word == "6" ? "60" : word)];
        var run = Task.Run(() => CommandLine.RunAsync(command, terminal));
        while (!run.IsCompleted && !(File.Exists(cells) && new FileInfo(cells).Length > 0))
            await Task.Delay(1);
        terminal.Interrupts.Raise();
        (await run).ShouldBe(130, error.ToString());
        error.ToString().ShouldContain("the same command goes on");
        File.ReadAllText(cells).ShouldEndWith("\n");
        Jsonl.Read(cells).Length.ShouldBeInRange(1, 719);
        File.Exists(Path.Combine(Out, "compare.html")).ShouldBeFalse();
    }

    [Fact]
    public async Task A_folder_serves_one_comparison()
    {
        string[] small = ["compare", "--task", "chain", "--count", "2", "--strategies", "single", "--seeds", "1", "--out", Out, "--budgets"];
        (await CliRunner.RunAsync([.. small, "20"])).ShouldSucceed();
        (await CliRunner.RunAsync([.. small, "30"])).ShouldBeRefused("belongs to another grid", "budgets", "'20'", "'30'");
        (await CliRunner.RunAsync([.. small, "20", "--temperature", "0.5"])).ShouldBeRefused("belongs to another grid", "sampling");
        (await CliRunner.RunAsync([.. small, "20", "--seed", "4"])).ShouldBeRefused("belongs to another grid");
        File.WriteAllText(Path.Combine(Out, "grid.json"), "{");
        (await CliRunner.RunAsync([.. small, "20"])).ShouldBeRefused("grid.json is damaged");
        File.Delete(Path.Combine(Out, "grid.json"));
        (await CliRunner.RunAsync([.. small, "20"])).ShouldBeRefused("no grid.json");
    }

    [Theory]
    [InlineData("width", "--strategies", "rebase width=0")]
    [InlineData("rebase", "--strategies", "rebate")]
    [InlineData("no strategy", "--strategies", ",")]
    [InlineData("stands twice", "--strategies", "single,single")]
    [InlineData("no partner", "--strategies", "rebase (")]
    [InlineData("there is no strategy", "--control", "best")]
    [InlineData("'0' is no whole number", "--budgets", "1k,0")]
    [InlineData("names no budget", "--budgets", "")]
    [InlineData("--seeds is 0", "--seeds", "0")]
    [InlineData("--parallel is 0", "--parallel", "0")]
    [InlineData("One problem", "--count", "1")]
    public async Task What_cannot_be_compared_is_refused(string sentence, string flag, string value)
    {
        var result = await CliRunner.RunAsync("compare", "--task", "countdown", flag, value, "--out", Out);
        result.ShouldBeRefused();
        result.Error.ShouldContain(sentence, Case.Insensitive);
        Directory.Exists(Out).ShouldBeFalse("nothing is begun");
    }

    [Fact]
    public async Task Problems_whose_answers_nobody_knows_are_refused()
    {
        string file = _folder.Write("open.jsonl", "{\"prompt\": \"Why?\", \"id\": \"w1\", \"task\": \"open\"}\n{\"prompt\": \"How?\", \"task\": \"open\"}\n");
        (await CliRunner.RunAsync("compare", "--problems", file, "--out", Out)).ShouldBeRefused("w1", "is not known");
        (await CliRunner.RunAsync("compare", "--task", "chain", "--out", file)).ShouldBeRefused("is a file");
    }

    [Fact]
    public void A_page_stands_alone_and_no_text_can_break_out_of_its_data()
    {
        const string Text = "</script><script>alert(1)</script><!--{{compare.css}}";
        string page = Page.Of("compare.html", json =>
        {
            json.WriteStartObject();
            json.WriteString("model", Text);
            json.WriteEndObject();
        });
        page.ShouldNotContain("alert(1)</script>");
        page.ShouldNotContain("\n{{");
        page.ShouldContain("default-src 'none'");
        Regex.IsMatch(page, "(src|href)=|@import|url\\(", RegexOptions.IgnoreCase).ShouldBeFalse("nothing is asked of anyone");
        string data = DataOf().Match(page).Groups[1].Value;
        using var document = JsonDocument.Parse(data);
        document.RootElement.Text("model").ShouldBe(Text);
    }

    [Theory]
    [InlineData("plain text", "plain text")]
    [InlineData("a,b", "\"a,b\"")]
    [InlineData("say \"x\"", "\"say \"\"x\"\"\"")]
    [InlineData("two\nlines", "\"two\nlines\"")]
    public void Fields_are_quoted_where_they_need_it(string field, string written) => ComparisonCsv.Quoted(field).ShouldBe(written);

    public void Dispose() => _folder.Dispose();

    [GeneratedRegex("<script type=\"application/json\" id=\"data\">\n(.*?)\n</script>", RegexOptions.Singleline)]
    private static partial Regex DataOf();

    // All but what hangs on the clock and on what ran at the same time: into how many steps a prompt was cut, and so the memory on average over steps.
    private string[] Plain() => [.. Jsonl.Read(Path.Combine(Out, "cells.jsonl")).Select(line => string.Join(
        ' ', line.EnumerateObject().Where(field => field.Name is not ("seconds" or "latency") && !field.Name.StartsWith("kv_", StringComparison.Ordinal))))];
}
