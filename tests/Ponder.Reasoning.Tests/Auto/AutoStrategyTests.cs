using Ponder.Reasoning.Auto;
using Ponder.Reasoning.Budgets;
using Ponder.Reasoning.Sessions;
using Ponder.Reasoning.Solving;
using Ponder.Reasoning.Strategies;
using Ponder.Reasoning.Tests.Scripted;
using Ponder.Reasoning.Verifiers;

namespace Ponder.Reasoning.Tests.Auto;

public sealed class AutoStrategyTests
{
    // Each answer has two words and an end: three tokens.
    private static readonly string[] Answers = ["= 1", "= 2", "= 2", "= 3", "= 2", "= 1", "= 1", "= 1", "= 1"];

    private static readonly TaskCalibration Votes = Tables.Task(Tables.Entry("majority samples=5", 15, 0.5), Tables.Entry("best-of-n samples=5", 15, 0.7)) with { AnswerTokens = 3 };

    [Fact]
    public async Task It_runs_what_it_chooses_within_the_budget_and_says_so()
    {
        var reward = new ScriptedReward(text => text.EndsWith('3') ? 0.9 : 0.1);
        var (outcome, policy) = await SolveAsync(Tables.Of(Votes), new SolveSettings { Budget = new Budget { Tokens = 15 }, Reward = reward });
        outcome.Answer.ShouldBe("3");                           // the best of five
        outcome.Strategy.ShouldBe("auto");
        policy.Drawn.ShouldBe(15);
        outcome.Notes.ShouldContain(note => note.StartsWith("auto: best-of-n samples=5 with 15 tokens, expected 0.70 (majority 0.50); saturates near ", StringComparison.Ordinal));
        policy.OpenBranches.ShouldBe(0);
    }

    [Fact]
    public async Task What_the_session_lacks_is_not_chosen()
    {
        using var session = ScriptedSession.Open(ScriptedPolicy.OfAnswers(Answers), new SolveSettings { Budget = new Budget { Tokens = 15 } });
        var choice = await new AutoStrategy(Tables.Of(Votes)).SolveAsync(session);
        choice.Thought!.Answer.ShouldBe("2");                   // three of five
        session.Notes.ShouldContain(note => note.StartsWith("auto: majority samples=5", StringComparison.Ordinal));

        var onlyRewarded = Votes with { Entries = [Votes.Entries[1]] };
        using var without = ScriptedSession.Open(ScriptedPolicy.OfAnswers(Answers));
        (await Should.ThrowAsync<StrategyException>(new AutoStrategy(Tables.Of(onlyRewarded)).SolveAsync(without))).Message.ShouldContain("a reward model");
    }

    [Fact]
    public void It_needs_a_reward_where_the_best_do()
    {
        new AutoStrategy(Tables.Of(Votes)).NeedsReward.ShouldBeTrue();
        new AutoStrategy(Tables.Of(Votes with { Entries = [Votes.Entries[0], Votes.Entries[1] with { Results = [Votes.Entries[1].Results[0] with { Accuracy = 0.4 }] }] }))
            .NeedsReward.ShouldBeFalse();
    }

    [Fact]
    public async Task A_calibration_of_another_model_is_refused_and_both_are_named()
    {
        var table = Tables.Of(Votes) with { Model = new ModelFingerprint("llama", 1_000_000, "0123456789abcdef") };
        using var session = ScriptedSession.Open(ScriptedPolicy.OfAnswers(Answers));
        var error = await Should.ThrowAsync<CalibrationException>(new AutoStrategy(table).SolveAsync(session));
        error.Message.ShouldContain("llama (1,000,000 parameters, weights 01234567)");
        error.Message.ShouldContain("not of script");
    }

    [Fact]
    public async Task It_abstains_where_too_little_is_expected()
    {
        var (outcome, policy) = await SolveAsync(
            Tables.Of(Votes), new SolveSettings { Budget = new Budget { Tokens = 15 }, Reward = new ScriptedReward(_ => 0.5) }, abstain: 0.8);
        outcome.Answer.ShouldBeNull();
        outcome.Confidence.ShouldBe(0);
        policy.Drawn.ShouldBe(0);
        outcome.Notes.Count.ShouldBe(1);
        outcome.Notes[0].ShouldEndWith("That is under 0.8: no answer is given.");
    }

    [Fact]
    public async Task Without_a_budget_it_spends_until_it_saturates()
    {
        var law = new SaturationLaw(0.8, 0.75);
        var task = Votes with { Entries = [Tables.Entry("majority samples=5", 15, law.At(5))], Laws = [new FamilyLaw("majority", Difficulty.All, law)] };
        var (outcome, policy) = await SolveAsync(Tables.Of(task), new SolveSettings());
        policy.Drawn.ShouldBe(15);                              // ln(0.001 / 0.6) / ln(0.25) = 4.6 answers
        outcome.Answer.ShouldBe("2");
    }

    [Fact]
    public async Task Probes_tell_the_difficulty_and_vote_with_the_others()
    {
        var task = Votes with
        {
            Entries = [Tables.Entry("majority samples=5", 15, 0.5, 0.9, 0.5, 0.1), Tables.Entry("best-of-n samples=5", 15, 0.6, 0.6, 0.6, 0.6)],
            Difficulty = new DifficultyMap(3, [0, 1, 0, 0], EasyFrom: 0.6, HardBelow: 0.4),
        };
        // Of the first three two agree: easy, and so a vote of five in which they count.
        var (outcome, policy) = await SolveAsync(
            Tables.Of(task), new SolveSettings { Budget = new Budget { Tokens = 15 }, Reward = new ScriptedReward(text => text.EndsWith('3') ? 0.9 : 0.1) }, probes: 3);
        policy.Drawn.ShouldBe(15);
        outcome.Answer.ShouldBe("2");
        outcome.Confidence!.Value.ShouldBe(0.6, 1e-12);
        outcome.Notes.ShouldContain(note => note.StartsWith("auto: it looks easy: majority samples=5 with 15 tokens, expected 0.90 (best-of-n 0.60)", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Probes_are_drawn_where_the_table_says_that_they_pay()
    {
        var task = Votes with { Difficulty = new DifficultyMap(3, [0, 1, 0, 0], 0.6, 0.4), Probing = [new ProbeGain(15, 0.1, 0.01), new ProbeGain(1500, 0.01, 0.01)] };
        (await NotesAsync(18)).ShouldContain(note => note.Contains("it looks easy", StringComparison.Ordinal));
        (await NotesAsync(17)).ShouldNotContain(note => note.Contains("it looks", StringComparison.Ordinal));         // less than twice the probes
        (await NotesAsync(1500)).ShouldNotContain(note => note.Contains("it looks", StringComparison.Ordinal));

        async Task<IReadOnlyList<string>> NotesAsync(long tokens)
        {
            var policy = new ScriptedPolicy(state => ScriptedPolicy.Words("= 2"));
            using var session = ScriptedSession.Open(policy, new SolveSettings { Budget = new Budget { Tokens = tokens }, Reward = new ScriptedReward(_ => 0.5) });
            await new AutoStrategy(Tables.Of(task)).SolveAsync(session);
            return [.. session.Notes];
        }
    }

    [Fact]
    public async Task A_verifier_that_was_calibrated_makes_its_strategy_a_candidate()
    {
        var task = Votes with { Entries = [Tables.Entry("majority samples=5", 15, 0.5), Tables.Entry("repeated-sampling samples=5", 15, 0.8) with { Verifier = "script" }] };
        var checkedProblem = ScriptedSession.Problem with { Verifier = new ScriptedVerifier(text => new Verdict(text.EndsWith('3'))) };
        using (var session = ScriptedSession.Open(ScriptedPolicy.OfAnswers(Answers), new SolveSettings { Budget = new Budget { Tokens = 15 } }, checkedProblem))
            (await new AutoStrategy(Tables.Of(task)).SolveAsync(session)).Thought!.Answer.ShouldBe("3");
        using (var session = ScriptedSession.Open(ScriptedPolicy.OfAnswers(Answers), new SolveSettings { Budget = new Budget { Tokens = 15 } }))
            (await new AutoStrategy(Tables.Of(task)).SolveAsync(session)).Thought!.Answer.ShouldBe("2");
    }

    [Fact]
    public async Task What_differs_from_the_calibration_is_said()
    {
        var table = Tables.Of(Votes with { Task = "sums" }) with { MaxTokens = 64 };
        using var session = ScriptedSession.Open(ScriptedPolicy.OfAnswers(Answers), new SolveSettings { Budget = new Budget { Tokens = 15 } });
        await new AutoStrategy(table).SolveAsync(session);
        session.Notes.ShouldContain("The calibration has no figures for the task open; those of sums are taken.");
        session.Notes.ShouldContain(note => note.Contains("at most 64 tokens", StringComparison.Ordinal));
    }

    private static async Task<(Outcome Outcome, ScriptedPolicy Policy)> SolveAsync(CalibrationTable table, SolveSettings settings, int? probes = null, double abstain = 0)
    {
        var policy = ScriptedPolicy.OfAnswers(Answers);
        var strategy = new AutoStrategy(table, probes: probes, abstain: abstain);
        return (await new Solver(policy, strategy, settings).SolveAsync(ScriptedSession.Problem), policy);
    }
}
