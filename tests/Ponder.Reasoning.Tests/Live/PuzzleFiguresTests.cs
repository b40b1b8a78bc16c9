using Ponder.Inference;
using Ponder.Reasoning.Policies;
using Ponder.Reasoning.Rewards;
using Ponder.Reasoning.Sessions;
using Ponder.Reasoning.Solving;
using Ponder.Reasoning.Statistics;
using Ponder.Reasoning.Strategies;
using Ponder.Reasoning.Tasks;

namespace Ponder.Reasoning.Tests.Live;

/// <summary>The models that ship, on their 200 test problems of each task, held to the figures in models/puzzles/README.md.</summary>
public sealed class PuzzleFiguresTests : IDisposable
{
    private const int Samples = 64;

    private readonly SharedWorkers _workers = new(2);
    private readonly Engine _engine;
    private readonly HeadReward _reward;

    public PuzzleFiguresTests()
    {
        _engine = Engine.Load(EmbeddedModels.Policy, new EngineOptions { Workers = _workers });
        _reward = (HeadReward)RewardTable.Create("puzzles", new RewardSettings { Engine = new EngineOptions { Workers = _workers } });
    }

    [Fact]
    public async Task Countdown_has_the_references_coverage_and_a_reward_that_finds_it()
    {
        var samples = await SampleAsync("countdown");

        ShouldBeNear(samples, k: 1, 0.283);
        ShouldBeNear(samples, k: 4, 0.669);
        ShouldBeNear(samples, k: 16, 0.888);
        ShouldBeNear(samples, k: 64, 0.945);
        double best = samples.Average(problem => BestOfNCurve.AccuracyAt(problem, Samples));
        VoteCurve.Weighted(samples, [Samples])[0].Accuracy.Estimate.ShouldBeGreaterThanOrEqualTo(0.84);
        FalsePositives.Estimate(samples).Rises.ShouldBeTrue();

        var (early, tokens, _) = await RunAsync("countdown", new EarlyRejection());
        early.ShouldBeGreaterThanOrEqualTo(best - 0.015);
        tokens.ShouldBeLessThanOrEqualTo(0.7 * 2176);

        var (covered, _, drawn) = await RunAsync("countdown", new RepeatedSampling(Samples));
        covered.ShouldBe(Coverage.PassAt([.. samples.Select(problem => (problem.Samples.Count, problem.Correct))], Samples), 1e-9);
        drawn.ShouldBeLessThanOrEqualTo(10);
    }

    [Fact]
    public async Task Chain_votes_well_and_its_reward_is_found_out()
    {
        var samples = await SampleAsync("chain");

        ShouldBeNear(samples, k: 1, 0.354);
        ShouldBeNear(samples, k: 4, 0.539);
        ShouldBeNear(samples, k: 16, 0.747);
        ShouldBeNear(samples, k: 64, 0.900);
        VoteCurve.Majority(samples, [Samples])[0].Accuracy.Estimate.ShouldBeGreaterThanOrEqualTo(0.46);

        var estimate = FalsePositives.Estimate(samples);
        estimate.Falls.ShouldBeTrue();
        estimate.BestN.ShouldBeLessThanOrEqualTo(4);
        estimate.Curve[^1].Accuracy.Estimate.ShouldBe(0.205, 0.06);
        estimate.Text.ShouldContain("down to");
        estimate.Text.ShouldContain("or a vote");
    }

    public void Dispose()
    {
        _reward.Dispose();
        _engine.Dispose();
        _workers.Dispose();
    }

    // Within three standard errors of the reference, which has as many problems and samples, and so an error of its own.
    private static void ShouldBeNear(IReadOnlyList<LabelledProblem> samples, int k, double reference)
    {
        double[] each = [.. samples.Select(problem => Coverage.PassAt(problem.Samples.Count, problem.Correct, k))];
        each.Average().ShouldBe(reference, 3 * StandardError.OfMean(each), $"pass@{k}");
    }

    private async Task<IReadOnlyList<LabelledProblem>> SampleAsync(string task)
    {
        var labelled = new List<LabelledProblem>();
        await foreach (var outcome in SolveAsync(task, new BestOfN(Samples)))
            labelled.Add(LabelledProblem.From(outcome.Problem.Id, outcome.Samples, outcome.Problem.Answers));
        labelled.Count.ShouldBe(200);
        _engine.KvPagesInUse.ShouldBe(0);
        return labelled;
    }

    private async Task<(double Accuracy, double Tokens, double Samples)> RunAsync(string task, IStrategy strategy)
    {
        var outcomes = new List<(bool Right, long Tokens, int Samples)>();
        await foreach (var outcome in SolveAsync(task, strategy))
            outcomes.Add((outcome.IsCorrect == true, outcome.Ledger.GeneratedTokens, outcome.Ledger.Samples));
        return (outcomes.Average(o => o.Right ? 1.0 : 0), outcomes.Average(o => o.Tokens), outcomes.Average(o => o.Samples));
    }

    private IAsyncEnumerable<Outcome> SolveAsync(string task, IStrategy strategy)
    {
        var problems = TaskFile.Read(Path.Combine(Path.GetDirectoryName(EmbeddedModels.Policy)!, "test", $"{task}.jsonl"), task);
        var settings = new SolveSettings { Seed = 1, MaxTokens = 128, StepDelimiter = "\n", Reward = _reward };
        return new Solver(new EnginePolicy(_engine), strategy, settings).SolveAsync(problems);
    }
}
