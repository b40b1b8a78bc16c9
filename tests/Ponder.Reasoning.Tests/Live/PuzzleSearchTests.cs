using Ponder.Inference;
using Ponder.Reasoning.Policies;
using Ponder.Reasoning.Problems;
using Ponder.Reasoning.Rewards;
using Ponder.Reasoning.Search;
using Ponder.Reasoning.Sessions;
using Ponder.Reasoning.Solving;
using Ponder.Reasoning.Strategies;
using Ponder.Reasoning.Tasks;
using Ponder.TestSupport;

namespace Ponder.Reasoning.Tests.Live;

/// <summary>Searches on the models that ship, held to the figures in models/puzzles/README.md.</summary>
public sealed class PuzzleSearchTests : IDisposable
{
    // Of an accuracy over 200 problems near 0.9 and 0.8, and near 0.6.
    private const double High = 3 * 0.025, Middle = 3 * 0.035;

    private readonly SharedWorkers _workers = new(2);
    private readonly Engine _engine;
    private readonly IRewardModel _reward;
    private readonly IReadOnlyList<Problem> _problems =
        [.. TaskFile.Read(Path.Combine(Path.GetDirectoryName(EmbeddedModels.Policy)!, "test", "countdown.jsonl"), "countdown")];

    public PuzzleSearchTests()
    {
        _engine = Engine.Load(EmbeddedModels.Policy, new EngineOptions { Workers = _workers });
        _reward = RewardTable.Create("puzzles", new RewardSettings { Engine = new EngineOptions { Workers = _workers } });
    }

    public void Dispose()
    {
        _engine.KvPagesInUse.ShouldBe(0);
        _reward.Dispose();
        _engine.Dispose();
        _workers.Dispose();
    }

    [Theory]
    [InlineData("rebase width=8 choose=best", 8, 0.895)]
    [InlineData("rebase width=4 choose=best", 4, 0.795)]
    [InlineData("particle-filter width=8 choose=best", 8, 0.890)]
    [InlineData("particle-filter width=4 choose=best", 4, 0.790)]
    public async Task With_exact_step_labels_a_narrow_search_covers_what_takes_twice_the_independent_samples(string strategy, int width, double reference)
    {
        var found = await SolveAsync(strategy, reward: new ExactSteps());
        found.Accuracy.ShouldBe(reference, High);
        found.Tokens.ShouldBe(33 * width, 1.5 * width);
    }

    [Theory]
    [InlineData("rebase width=4", 0.705, Middle)]
    [InlineData("beam width=4", 0.590, Middle)]
    [InlineData("particle-filter width=4", 0.685, Middle)]
    [InlineData("rebase width=16", 0.830, High)]
    [InlineData("beam width=16", 0.815, High)]
    [InlineData("particle-filter width=16", 0.815, High)]
    public async Task With_the_process_reward_searches_come_to_the_reference_figures(string strategy, double reference, double tolerance) =>
        (await SolveAsync(strategy)).Accuracy.ShouldBe(reference, tolerance);

    // Three seeds: 0.705 against 0.655, the difference from 0.017 to 0.087 with its 95% interval.
    [Fact]
    public async Task A_narrow_search_beats_as_many_whole_samples()
    {
        double searched = 0, sampled = 0;
        for (ulong seed = 1; seed <= 3; seed++)
        {
            searched += (await SolveAsync("rebase width=4", seed)).Accuracy / 3;
            sampled += (await SolveAsync("weighted-best-of-n samples=4", seed)).Accuracy / 3;
        }
        searched.ShouldBeGreaterThan(sampled + 0.015);
    }

    // Half of the problems, for time.
    [Fact]
    public async Task Ets_keeps_two_thirds_of_the_tree_of_rebase_and_finds_about_as_much()
    {
        var rebase = await SolveAsync("rebase width=32", count: 100);
        var ets = await SolveAsync("ets width=32", count: 100);
        ets.TreeTokens.ShouldBeLessThan(rebase.TreeTokens / 1.5);
        ets.KvTokens.ShouldBeLessThan(rebase.KvTokens);
        ets.Accuracy.ShouldBeGreaterThan(rebase.Accuracy - 0.015 - 0.045);      // and three standard errors of the difference over 100 problems
    }

    [SharedFact]
    public async Task Ets_may_compare_steps_by_an_embedding_model()
    {
        var found = await SolveAsync($"ets width=8 embedder=({SharedData.Path("models", "minilm")})", count: 10);
        found.Accuracy.ShouldBeGreaterThan(0.3);
        found.Tokens.ShouldBe(33 * 8, 1.5 * 8);
    }

    private async Task<Found> SolveAsync(string strategy, ulong seed = 1, int count = 200, IRewardModel? reward = null)
    {
        var settings = new SolveSettings { Seed = seed, MaxTokens = 128, StepDelimiter = "\n", Reward = reward ?? _reward };
        var solver = new Solver(new EnginePolicy(_engine), StrategyText.Create(strategy), settings) { Parallel = 4 };
        double right = 0, tokens = 0, kv = 0, tree = 0;
        await foreach (var outcome in solver.SolveAsync([.. _problems.Take(count)]))
        {
            right += outcome.IsCorrect == true ? 1 : 0;
            tokens += outcome.Ledger.GeneratedTokens;
            kv += outcome.Ledger.AverageKvTokens;
            tree += LiveTree.AverageTokens(outcome.Thoughts);
        }
        return new Found(right / count, tokens / count, kv / count, tree / count);
    }

    /// <summary>Means over problems.</summary>
    private sealed record Found(double Accuracy, double Tokens, double KvTokens, double TreeTokens);
}
