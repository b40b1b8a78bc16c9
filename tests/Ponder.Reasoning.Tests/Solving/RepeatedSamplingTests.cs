using System.Text.Json;
using Ponder.Inference;
using Ponder.Reasoning.Puzzles;
using Ponder.Reasoning.Solving;
using Ponder.TestSupport;

namespace Ponder.Reasoning.Tests.Solving;

public sealed class RepeatedSamplingTests
{
    // Three standard errors of an accuracy over 200 problems, as the README states it.
    private static double Tolerance(double figure) => 3 * Math.Sqrt(figure * (1 - figure) / 200);

    [Theory]
    [InlineData("countdown")]
    [InlineData("chain")]
    public async Task The_shipped_policy_solves_the_test_problems_as_often_as_its_readme_says(string task)
    {
        string folder = Path.Combine(SharedData.Repository, "models", "puzzles");
        using var reference = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "reference.json")));
        var figures = reference.RootElement.GetProperty("figures").GetProperty(task);
        var puzzles = PuzzleFile.Read(Path.Combine(folder, "test", $"{task}.jsonl"));
        using var engine = Engine.Load(EmbeddedModels.Policy);
        var results = new List<PuzzleResult>();
        await foreach (var result in new RepeatedSampling(engine, new SolveOptions { Samples = 16, Seed = 1 }).SolveAsync(puzzles))
            results.Add(result);

        results.Select(r => r.Puzzle).ShouldBe(puzzles);
        var summary = SolveSummary.Of(results, 1);
        summary.Problems.ShouldBe(200);
        summary.PassAt.Keys.ShouldBe([1, 2, 4, 8, 16]);
        foreach (var (k, value) in summary.PassAt)
        {
            double figure = figures.GetProperty("coverage").GetProperty($"{k}").GetDouble();
            value.ShouldBe(figure, Tolerance(figure), $"{task} pass@{k}");
        }
        double majority = figures.GetProperty("majority").GetProperty("16").GetDouble();
        summary.MajorityAccuracy.ShouldBe(majority, Tolerance(majority), $"{task} majority of 16");
        ((double)summary.GeneratedTokens / (200 * 16)).ShouldBe(figures.GetProperty("tokens_per_sample").GetDouble(), 1.5);
        engine.KvPagesInUse.ShouldBe(0);
    }

    [Fact]
    public async Task A_puzzle_gets_the_same_samples_alone_as_among_others()
    {
        using var engine = Engine.Load(EmbeddedModels.Policy, new EngineOptions { MaxBranches = 5 });
        IPuzzle[] puzzles = [.. PuzzleGenerator.Generate("countdown", 3, 7)];
        var solver = new RepeatedSampling(engine, new SolveOptions { Samples = 4, Seed = 3 });
        var together = await All(solver, puzzles);
        var first = await All(solver, puzzles[..1]);
        first[0].Samples.Select(s => s.Completion.Text).ShouldBe(together[0].Samples.Select(s => s.Completion.Text));
    }

    [Fact]
    public async Task Cancelling_frees_all_branches()
    {
        using var engine = Engine.Load(EmbeddedModels.Policy);
        using var stop = new CancellationTokenSource();
        var solver = new RepeatedSampling(engine, new SolveOptions { Samples = 8 });
        IPuzzle[] puzzles = [.. PuzzleGenerator.Generate("chain", 500, 1)];
        await Should.ThrowAsync<OperationCanceledException>(async () =>
        {
            await foreach (var _ in solver.SolveAsync(puzzles, cancellationToken: stop.Token))
                await stop.CancelAsync();
        });
        engine.KvPagesInUse.ShouldBe(0);
    }

    private static async Task<List<PuzzleResult>> All(RepeatedSampling solver, IPuzzle[] puzzles)
    {
        var results = new List<PuzzleResult>();
        await foreach (var result in solver.SolveAsync(puzzles))
            results.Add(result);
        return results;
    }
}
