using System.Text.Json;
using System.Text.RegularExpressions;
using Ponder.Cli.Tests.Support;

namespace Ponder.Cli.Tests.Seeing;

public sealed partial class TreePageTests
{
    [Fact]
    public async Task A_page_holds_the_thoughts_of_a_search_and_nothing_from_elsewhere()
    {
        using var folder = new TempFolder();
        string trace = folder["t.jsonl"], page = folder["tree.html"];
        (await CliRunner.RunAsync(
            "solve", "--task", "countdown", "--count", "2", "--seed", "3", "--strategy", "rebase", "--width", "4", "--reward", "exact-steps", "--trace", trace)).ShouldSucceed();
        string said = (await CliRunner.RunAsync("tree", trace, "--out", page)).ShouldSucceed();
        string html = File.ReadAllText(page);
        Links().Count(html).ShouldBe(0, "the page is whole by itself");
        html.ShouldNotContain("{{");
        using var data = JsonDocument.Parse(Data().Match(html).Groups[1].Value);
        var problems = data.RootElement.GetProperty("problems");
        problems.GetArrayLength().ShouldBe(2);
        var nodes = problems[0].GetProperty("nodes").EnumerateArray().ToArray();
        for (int i = 1; i < nodes.Length; i++)
            nodes[i].GetProperty("up").GetInt32().ShouldBeLessThan(i, "parents stand before their children");
        nodes.Sum(node => node.GetProperty("tokens").GetInt32())
            .ShouldBe(problems[0].GetProperty("outcome").GetProperty("ledger").GetProperty("generated").GetInt32());
        nodes.Any(node => node.TryGetProperty("chosen", out _)).ShouldBeTrue();
        said.ShouldStartWith($"{problems.EnumerateArray().Sum(problem => problem.GetProperty("nodes").GetArrayLength() - 1)} thoughts of 2 problems");
    }

    [Fact]
    public async Task Texts_cannot_leave_the_data()
    {
        const string evil = "</script><script>alert(1)</script><!-- {{data}} {{script}}";
        using var folder = new TempFolder();
        string trace = folder.Write("t.jsonl", string.Join('\n',
            """{"kind":"trace","version":1,"strategy":"s","policy":"p","seed":18446744073709551615}""",
            JsonSerializer.Serialize(new { kind = "problem", problem = 0, id = evil, task = "open", question = evil }),
            JsonSerializer.Serialize(new { kind = "thought", problem = 0, number = 0, parent = (int?)null, prompt = evil, text = evil, answer = evil }),
            ""));
        (await CliRunner.RunAsync("tree", trace, "--out", folder["tree.html"])).ShouldSucceed();
        string html = File.ReadAllText(folder["tree.html"]);
        html.ShouldNotContain("alert(1)<");
        html.ShouldNotContain("<script>alert");
        using var data = JsonDocument.Parse(Data().Match(html).Groups[1].Value);
        data.RootElement.GetProperty("problems")[0].GetProperty("nodes")[0].GetProperty("prompt").GetString().ShouldBe(evil);
        data.RootElement.GetProperty("seed").GetString().ShouldBe("18446744073709551615");
    }

    [GeneratedRegex("<script type=\"application/json\" id=\"trace\">(.*?)</script>", RegexOptions.Singleline)]
    private static partial Regex Data();

    [GeneratedRegex("""(src|href)\s*=|https?:|url\(|@import""")]
    private static partial Regex Links();
}
