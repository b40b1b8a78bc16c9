using Ponder.Reasoning.Comparison;
using Ponder.Reasoning.Problems;
using Ponder.Reasoning.Sessions;
using Ponder.Reasoning.Tests.Scripted;
using Ponder.Reasoning.Verifiers;

namespace Ponder.Reasoning.Tests.Comparison;

public sealed class ComparisonRunTests : IDisposable
{
    // Two seeds, two budgets and two strategies on three problems: 24 results.
    private const int Results = 24;

    private static readonly Problem[] Problems =
    [
        .. Enumerable.Range(1, 3).Select(i => ScriptedSession.Problem with
        {
            Id = $"p{i}",
            Grader = new ScriptedVerifier(text => new Verdict(text.EndsWith("=1", StringComparison.Ordinal))),
        }),
    ];

    private static readonly IReadOnlyList<GridCell> Cells = new ComparisonGrid(["single"], "majority", [4, 9], [1, 2]).Cells(answerTokens: 3);

    private readonly string _folder = Directory.CreateTempSubdirectory("ponder-grid-").FullName;

    private string Path => System.IO.Path.Combine(_folder, "cells.jsonl");

    [Fact]
    public async Task Every_problem_of_every_cell_has_a_result_within_its_budget()
    {
        var results = await RunAsync();
        results.Count.ShouldBe(Results);
        results.ShouldAllBe(result => result.Tokens > 0 && result.Tokens <= result.Cell.Budget && result.Seconds > 0 && result.Latency > 0);
        results.ShouldAllBe(result => result.IsCorrect == (result.Answer == "1"));
        results.Select(result => result.Answer).Distinct().Count().ShouldBeGreaterThan(1, "seeds and numbers of problems make a difference");
        results.ShouldAllBe(result => result.PeakKvBytes == 8.0 * result.PeakKvTokens);
        File.ReadAllLines(Path).Length.ShouldBe(Results);
    }

    [Fact]
    public async Task A_run_cut_off_at_any_byte_ends_with_the_same_results()
    {
        var expected = Plain(await RunAsync());
        byte[] whole = File.ReadAllBytes(Path);
        int second = whole.AsSpan().IndexOf((byte)'\n') + 1;
        foreach (int cut in (int[])[0, 1, second - 1, second, second + 9, whole.Length / 2, whole.Length - 1, whole.Length])
        {
            File.WriteAllBytes(Path, whole[..cut]);
            int kept = whole.AsSpan(0, cut).Count((byte)'\n');
            int ran = 0;
            Plain(await RunAsync((file, run) =>
            {
                file.Count.ShouldBe(kept);
                file.DroppedTornLine.ShouldBe(cut > 0 && whole[cut - 1] != '\n', $"cut at {cut}");
            }, () => ran++)).ShouldBe(expected, $"cut at {cut}");
            ran.ShouldBe(Results - kept);
            File.ReadAllLines(Path).Length.ShouldBe(Results);
        }
    }

    [Fact]
    public async Task Cancelling_leaves_whole_lines_that_the_next_run_goes_on_from()
    {
        var expected = Plain(await RunAsync());
        File.Delete(Path);
        using var stop = new CancellationTokenSource();
        int ran = 0;
        await Should.ThrowAsync<OperationCanceledException>(() => RunAsync(null, () =>
        {
            if (++ran == 5)
                stop.Cancel();
        }, stop.Token));
        ran.ShouldBeInRange(5, 6);                              // one that had ended meanwhile is not thrown away
        File.ReadAllLines(Path).Length.ShouldBe(ran);
        Plain(await RunAsync()).ShouldBe(expected);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("oops")]
    [InlineData("")]
    [InlineData("{\"strategy\":5}")]
    public async Task A_line_that_is_no_result_is_named(string line)
    {
        await RunAsync();
        string text = File.ReadAllText(Path);
        File.WriteAllText(Path, $"{text}{line}\n");
        Should.Throw<ComparisonException>(() => CellFile.Open(Path, Cells, Problems)).Message.ShouldContain($"line {Results + 1} is no result of this grid");
        File.ReadAllText(Path).ShouldBe($"{text}{line}\n", "nothing is lost");
    }

    [Fact]
    public async Task Results_of_other_problems_or_out_of_order_are_refused()
    {
        await RunAsync();
        Should.Throw<ComparisonException>(() => CellFile.Open(Path, Cells, [Problems[1], Problems[0], Problems[2]]));
        Should.Throw<ComparisonException>(() => CellFile.Open(Path, Cells, Problems[..2]));
        File.WriteAllLines(Path, File.ReadAllLines(Path)[1..]);
        Should.Throw<ComparisonException>(() => CellFile.Open(Path, Cells, Problems)).Message.ShouldContain("line 1");
    }

    [Fact]
    public void Only_one_run_writes_to_a_file()
    {
        using var first = CellFile.Open(Path, Cells, Problems);
        Should.Throw<ComparisonException>(() => CellFile.Open(Path, Cells, Problems)).Message.ShouldContain("another run");
    }

    [Fact]
    public void A_result_is_read_as_it_was_written()
    {
        var result = new CellResult
        {
            Cell = new GridCell("a b=(c d=1)", "a size=2 b=(c d=1)", 16_000, ulong.MaxValue),
            Number = 3,
            Problem = "\"line\nfeed\"",
            IsCorrect = true,
            Answer = "\u2028é\r\n</script>",
            Confidence = 1.0 / 3,
            Tokens = 5_000_000_000,
            Seconds = 0.000_001,
            AverageKvTokens = 0.1,
            PeakKvTokens = 7,
        };
        string line = CellLine.Write(result);
        line.ShouldNotContain("\n");
        CellLine.Read(System.Text.Encoding.UTF8.GetBytes(line)).ShouldBe(result);
    }

    [Fact]
    public async Task The_length_of_an_answer_is_the_average_of_single_answers()
    {
        // Two words and an end token, and the same whatever the settings' own seed and budget.
        var settings = new SolveSettings { Seed = 9, Budget = new() { Tokens = 1 } };
        (await AnswerLength.MeasureAsync(Policy(), Problems, settings)).ShouldBe(3);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    // Answers that hang on the seed, which is each problem's own, and on the number of the thought.
    private static ScriptedPolicy Policy() => new(state => ScriptedPolicy.Rest($"so ={(state.Seed + state.Key) % 3}", state.Text));

    private static string[] Plain(IEnumerable<CellResult> results) => [.. results.Select(result => $"{result with { Seconds = 0, Latency = 0 }}")];

    private async Task<IReadOnlyList<CellResult>> RunAsync(Action<CellFile, ComparisonRun>? begin = null, Action? onResult = null, CancellationToken stop = default)
    {
        var policy = Policy();
        using var file = CellFile.Open(Path, Cells, Problems);
        var run = new ComparisonRun(Cells, Problems, policy, new SolveSettings(), file, _ => 2) { KvBytesPerToken = 8, OnResult = (_, _) => onResult?.Invoke() };
        begin?.Invoke(file, run);
        await run.RunAsync(stop);
        policy.OpenBranches.ShouldBe(0);
        return [.. Cells.SelectMany(file.Of)];
    }
}
