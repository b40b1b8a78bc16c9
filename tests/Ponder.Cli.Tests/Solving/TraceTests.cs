using System.Text.Json;
using Ponder.Cli.Tests.Support;

namespace Ponder.Cli.Tests.Solving;

public sealed class TraceTests
{
    [Fact]
    public async Task A_trace_holds_every_thought_step_and_note_of_every_problem()
    {
        using var folder = new TempFolder();
        string file = folder["trace.jsonl"];
        string[] output = (await CliRunner.RunAsync(
            "solve", "--task", "chain", "--count", "3", "--samples", "4", "--seed", "2", "--max-tokens", "30", "--json", "--trace", file)).ShouldSucceed().Split('\n');
        var lines = Jsonl.Read(file)[1..];
        for (int problem = 0; problem < 3; problem++)
        {
            var own = lines.Where(line => line.GetProperty("problem").GetInt32() == problem).ToArray();
            var thoughts = Of(own, "thought");
            thoughts.Length.ShouldBe(5);
            thoughts.Select(thought => thought.GetProperty("number").GetInt32()).ShouldBe([0, 1, 2, 3, 4], ignoreOrder: true);
            thoughts[0].GetProperty("parent").ValueKind.ShouldBe(JsonValueKind.Null);
            thoughts[0].Text("prompt").ShouldEndWith("?\n");
            thoughts.Skip(1).ShouldAllBe(thought => thought.GetProperty("parent").GetInt32() == 0 && thought.GetProperty("is_answer").GetBoolean());
            thoughts.Skip(1).ShouldAllBe(thought => thought.Text("end") == "finished" || thought.Text("end") == "length");

            using var document = JsonDocument.Parse(output[problem]);
            var tokens = document.RootElement.GetProperty("tokens").GetProperty("generated").GetInt32();
            thoughts.Sum(thought => thought.GetProperty("tokens").GetInt32()).ShouldBe(tokens);
            Of(own, "step").Sum(step => step.GetProperty("generated").GetInt32()).ShouldBe(tokens);
            var outcome = Of(own, "outcome").ShouldHaveSingleItem();
            outcome.GetProperty("ledger").GetProperty("generated").GetInt32().ShouldBe(tokens);
            thoughts.Sum(thought => thought.GetProperty("number").GetInt32() > 0 ? thought.GetProperty("ids").GetArrayLength() : 0).ShouldBe(tokens);
            own[0].Text("kind").ShouldBe("problem");
            own[^1].Text("kind").ShouldBe("outcome");
            Of(own, "note").Length.ShouldBe(document.RootElement.GetProperty("notes").GetArrayLength());
        }
    }

    [Fact]
    public async Task Rewards_and_verdicts_are_in_it()
    {
        using var folder = new TempFolder();
        string scored = folder["scored.jsonl"], checkedOnes = folder["checked.jsonl"];
        await CliRunner.RunAsync("solve", "--strategy", "best-of-n", "--samples", "2", "--seed", "1", "--trace", scored);
        await CliRunner.RunAsync("solve", "--samples", "2", "--seed", "1", "--trace", checkedOnes);
        var rewarded = Of(Jsonl.Read(scored)[1..], "score")[0];
        rewarded.GetProperty("reward").GetDouble().ShouldBeInRange(0, 1);
        rewarded.GetProperty("step_rewards").GetArrayLength().ShouldBeGreaterThan(0);
        var lines = Jsonl.Read(checkedOnes)[1..];
        var right = Of(lines, "outcome")[0].GetProperty("right").EnumerateArray().Select(number => number.GetInt32()).ToArray();
        foreach (var verdict in Of(lines, "verdict"))
            right.Contains(verdict.GetProperty("number").GetInt32()).ShouldBe(verdict.GetProperty("correct").GetBoolean());
    }

    [Fact]
    public async Task A_file_that_is_there_is_kept_unless_forced()
    {
        using var folder = new TempFolder();
        string file = folder.Write("trace.jsonl", "precious\n");
        (await CliRunner.RunAsync("solve", "--samples", "1", "--seed", "1", "--trace", file)).ShouldBeRefused("trace.jsonl", "--force");
        File.ReadAllText(file).ShouldBe("precious\n");
        (await CliRunner.RunAsync("solve", "--samples", "1", "--trace", folder.Path)).ShouldBeRefused("folder");
        await CliRunner.RunAsync("solve", "--samples", "1", "--seed", "1", "--trace", file, "--force");
        Of(Jsonl.Read(file), "thought").Length.ShouldBe(2);
    }

    private static JsonElement[] Of(JsonElement[] lines, string kind) => [.. lines.Where(line => line.Text("kind") == kind)];
}
