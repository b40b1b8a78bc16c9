using Ponder.Inference.Sampling;
using Ponder.Reasoning.Auto;
using Ponder.Reasoning.Problems;
using Ponder.Reasoning.Sessions;
using Ponder.Reasoning.Tests.Scripted;
using Ponder.Reasoning.Verifiers;

namespace Ponder.Reasoning.Tests.Auto;

public sealed class CalibratorTests
{
    private static readonly ScriptedVerifier Truth = new(text => new Verdict(text.EndsWith("= 1", StringComparison.Ordinal)));

    private static readonly Problem[] Problems =
        [.. Enumerable.Range(1, 40).Select(i => ScriptedSession.Problem with { Id = $"{i}", Grader = Truth, Prompt = Prompt.Plain($"What is {i}? ") })];

    // Of ten answers four are right; the others go three ways. A line comes first, whose letter the reward reads: it likes right ones better.
    private static ScriptedPolicy Policy() => new(state =>
    {
        double draw = CounterRandom.Uniform(state.Seed, state.Key, 0);
        string answer = draw < 0.4 ? "good\n= 1" : draw < 0.6 ? "bad\n= 2" : draw < 0.8 ? "bad\n= 3" : "bad\n= 4";
        // What began well ends well, also in a fork.
        return ScriptedPolicy.Rest(state.Text.Length == 0 ? answer : state.Text.StartsWith('g') ? "good\n= 1" : "bad\n= 2", state.Text);
    });

    private static CalibrationOptions Options => new()
    {
        Budgets = [8, 64],
        Strategies = ["single", "majority", "best-of-n", "weighted-best-of-n", "rebase"],
        Settings = new SolveSettings { Seed = 1, StepDelimiter = "\n", Reward = new ScriptedReward(text => text.StartsWith('g') ? 0.9 : 0.1) },
    };

    [Fact]
    public async Task It_finds_out_what_strategies_come_to()
    {
        var table = await MakeAsync(Options);
        table.Model.Name.ShouldBe("script");
        table.Reward.ShouldBe("script");
        var task = table.Tasks.ShouldHaveSingleItem();
        task.AnswerTokens.ShouldBe(4);                          // good, =, 1, end
        task.Problems.ShouldBe(40);

        On("single", 64).Accuracy.ShouldBe(0.4, 0.1);
        On("best-of-n samples=16", 64).Accuracy.ShouldBe(1, 0.01);           // one of sixteen is right but for 0.6^16
        On("best-of-n samples=16", 64).Tokens.ShouldBe(64);
        On("majority samples=16", 64).Accuracy.ShouldBeInRange(0.7, 0.98);
        On("best-of-n samples=2", 8).Accuracy.ShouldBe(0.64, 0.1);           // 1 - 0.6^2
        On("rebase width=12", 64).Accuracy.ShouldBe(1, 0.05);
        task.Entries.ShouldAllBe(entry => entry.NeedsReward == (entry.Strategy != "single" && !entry.Strategy.StartsWith("majority", StringComparison.Ordinal)));
        task.Judges.ShouldHaveSingleItem().ShouldSatisfyAllConditions(judge => judge.Falls.ShouldBeFalse(), judge => judge.FalsePositiveRate.ShouldBe(0));
        task.Laws.Single(law => law is { Family: "best-of-n", Difficulty: Difficulty.All }).Law.Ceiling.ShouldBe(1, 0.02);

        CalibrationResult On(string strategy, long budget) => task.Entries.Single(entry => entry.Strategy == strategy && entry.Budget == budget).On(Difficulty.All);
    }

    [Fact]
    public async Task What_the_budget_cuts_counts_for_nothing()
    {
        var table = await MakeAsync(Options with { Budgets = [3, 4], Strategies = ["single"] });
        table.Tasks[0].Entries[0].On(Difficulty.All).ShouldSatisfyAllConditions(result => result.Accuracy.ShouldBe(0), result => result.Tokens.ShouldBe(3));
        table.Tasks[0].Entries[1].On(Difficulty.All).Accuracy.ShouldBe(0.4, 0.1);
    }

    [Fact]
    public async Task A_replay_comes_to_what_a_run_does()
    {
        // An option more, of no effect, and the strategy is run.
        var table = await MakeAsync(Options with { Budgets = [10], Strategies = ["repeated-sampling samples=3", "repeated-sampling samples=3 round=1"], Seeds = 8 }, Truth);
        var (replayed, run) = (table.Tasks[0].Entries[0].On(Difficulty.All), table.Tasks[0].Entries[1].On(Difficulty.All));
        table.Tasks[0].Entries.ShouldAllBe(entry => entry.Verifier == "script");
        replayed.Accuracy.ShouldBe(0.64, 0.07);                 // ten tokens hold two answers
        run.Accuracy.ShouldBe(replayed.Accuracy, 0.07);
        run.Tokens.ShouldBe(replayed.Tokens, 0.5);
    }

    [Fact]
    public async Task The_same_seed_makes_the_same_table()
    {
        string once = System.Text.Json.JsonSerializer.Serialize(await MakeAsync(Options)), again = System.Text.Json.JsonSerializer.Serialize(await MakeAsync(Options));
        again.ShouldBe(once);
    }

    [Fact]
    public async Task A_strategy_that_leans_on_a_verifier_is_tried_where_there_is_one()
    {
        var options = Options with { Strategies = ["majority", "repeated-sampling"] };
        (await MakeAsync(options)).Tasks[0].Entries.ShouldNotContain(entry => entry.Strategy.StartsWith("repeated", StringComparison.Ordinal));
        (await MakeAsync(options, Truth)).Tasks[0].Entries.ShouldContain(entry => entry.Strategy.StartsWith("repeated", StringComparison.Ordinal) && entry.Verifier == "script");
    }

    [Fact]
    public async Task What_cannot_be_calibrated_on_is_a_sentence()
    {
        var unknown = new Dictionary<string, IReadOnlyList<Problem>> { ["sums"] = [.. Problems.Select(problem => problem with { Grader = null })] };
        (await Should.ThrowAsync<CalibrationException>(new Calibrator(Policy(), Options).MakeAsync(unknown))).Message.ShouldContain("that of problem 1 is not");
        var few = new Dictionary<string, IReadOnlyList<Problem>> { ["sums"] = Problems[..2] };
        (await Should.ThrowAsync<CalibrationException>(new Calibrator(Policy(), Options).MakeAsync(few))).Message.ShouldContain("at least 3 problems");
        Should.Throw<CalibrationException>(() => new Calibrator(Policy(), Options with { Budgets = [0] })).Message.ShouldContain("budgets");
    }

    [Fact]
    public async Task Cancellation_leaves_nothing_open()
    {
        using var stop = new CancellationTokenSource();
        var policy = new ScriptedPolicy(_ => ScriptedPolicy.Words("good\n= 1")) { BeforeStep = step => { if (step == 20) stop.Cancel(); } };
        var making = new Calibrator(policy, Options with { Parallel = 1 }).MakeAsync(new Dictionary<string, IReadOnlyList<Problem>> { ["sums"] = Problems }, stop: stop.Token);
        await Should.ThrowAsync<OperationCanceledException>(making.WaitAsync(TimeSpan.FromSeconds(30)));
        policy.OpenBranches.ShouldBe(0);
    }

    private static Task<CalibrationTable> MakeAsync(CalibrationOptions options, IVerifier? verifier = null) =>
        new Calibrator(Policy(), options with { Parallel = 1 }).MakeAsync(
            new Dictionary<string, IReadOnlyList<Problem>> { ["sums"] = [.. Problems.Select(problem => problem with { Verifier = verifier })] });
}
