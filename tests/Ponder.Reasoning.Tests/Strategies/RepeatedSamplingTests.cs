using Ponder.Reasoning.Budgets;
using Ponder.Reasoning.Sessions;
using Ponder.Reasoning.Strategies;
using Ponder.Reasoning.Tests.Scripted;
using Ponder.Reasoning.Verifiers;

namespace Ponder.Reasoning.Tests.Strategies;

public sealed class RepeatedSamplingTests
{
    private static readonly ScriptedVerifier IsSeven = new(text => new Verdict(text.EndsWith('7')));

    [Fact]
    public async Task It_ends_with_the_round_that_holds_the_first_right_answer()
    {
        var policy = ScriptedPolicy.OfAnswers("= 1", "= 2", "= 3", "= 7", "= 7", "= 7");
        using var session = ScriptedSession.Open(policy, new SolveSettings { Verifier = IsSeven });

        var choice = await new RepeatedSampling(6, round: 2).SolveAsync(session);

        choice.Thought!.Number.ShouldBe(4);
        choice.Confidence.ShouldBe(1);
        session.Ledger.Samples.ShouldBe(4);
        session.Ledger.Verified.ShouldBe(4);
        session.Ledger.Steps.Select(step => step.Name).ShouldBe(["sample", "verify", "sample", "verify"]);
    }

    [Fact]
    public async Task Of_several_right_ones_in_a_round_the_first_is_taken()
    {
        // The second is right and longer: that the third is done before it does not matter.
        using var session = ScriptedSession.Open(
            ScriptedPolicy.OfAnswers("= 1", "well well well = 7", "= 7"), new SolveSettings { Verifier = IsSeven });
        (await new RepeatedSampling(3, round: 3).SolveAsync(session)).Thought!.Number.ShouldBe(2);
    }

    [Fact]
    public async Task All_are_drawn_when_it_is_not_to_stop()
    {
        using var session = ScriptedSession.Open(ScriptedPolicy.OfAnswers("= 7", "= 1", "= 7"), new SolveSettings { Verifier = IsSeven });
        var choice = await new RepeatedSampling(3, round: 1, stopAtFirst: false).SolveAsync(session);
        choice.Thought!.Number.ShouldBe(1);
        session.Ledger.Verified.ShouldBe(3);
    }

    [Fact]
    public async Task Without_a_verifier_the_majority_decides()
    {
        using var session = ScriptedSession.Open(ScriptedPolicy.OfAnswers("= 7", "= 1", "= 1"));
        var choice = await new RepeatedSampling(3).SolveAsync(session);
        choice.Thought!.Answer.ShouldBe("1");
        choice.Confidence.ShouldBe(2 / 3.0);
    }

    [Fact]
    public async Task A_verifier_that_can_be_wrong_says_who_votes()
    {
        // The first is accepted, but so are two that agree on another answer; what is refused has no vote.
        var verifier = new ScriptedVerifier(text => new Verdict(!text.EndsWith('1'))) { IsExact = false };
        using var session = ScriptedSession.Open(
            ScriptedPolicy.OfAnswers("= 7", "= 1", "= 1", "= 1", "= 8", "= 8"), new SolveSettings { Verifier = verifier });
        var choice = await new RepeatedSampling(6, round: 1).SolveAsync(session);
        choice.Thought!.Answer.ShouldBe("8");
        session.Ledger.Samples.ShouldBe(6);
    }

    [Fact]
    public async Task What_is_known_to_be_wrong_is_no_answer()
    {
        using var session = ScriptedSession.Open(ScriptedPolicy.OfAnswers("= 1", "= 1"), new SolveSettings { Verifier = IsSeven });
        (await new RepeatedSampling(2).SolveAsync(session)).ShouldBe(Choice.None);
    }

    [Fact]
    public async Task What_could_not_be_checked_may_still_vote()
    {
        var verifier = new ScriptedVerifier(text => text.EndsWith('3') ? throw new InvalidOperationException("no") : new Verdict(false));
        using var session = ScriptedSession.Open(ScriptedPolicy.OfAnswers("= 1", "= 1", "= 3"), new SolveSettings { Verifier = verifier });
        (await new RepeatedSampling(3).SolveAsync(session)).Thought!.Answer.ShouldBe("3");
        session.Notes.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task The_budget_is_kept_to_the_token()
    {
        // Two tokens and the end each: rounds of two take 6, and of the 7th token comes no third round.
        var policy = ScriptedPolicy.OfAnswers("= 1", "= 2", "= 3", "= 7");
        var settings = new SolveSettings { Verifier = IsSeven, Budget = new Budget { Tokens = 7 }, MaxTokens = 5 };
        using var session = ScriptedSession.Open(policy, settings);

        var choice = await new RepeatedSampling(8, round: 2).SolveAsync(session);

        policy.Drawn.ShouldBe(7);
        choice.ShouldBe(Choice.None);
        session.Ledger.Verified.ShouldBe(2);                    // the one that was cut is not checked
    }

    [Fact]
    public async Task A_budget_of_samples_ends_it()
    {
        using var session = ScriptedSession.Open(
            ScriptedPolicy.OfAnswers("= 1", "= 2", "= 3", "= 7"), new SolveSettings { Verifier = IsSeven, Budget = new Budget { Samples = 3 } });
        (await new RepeatedSampling(100, round: 2).SolveAsync(session)).ShouldBe(Choice.None);
        session.Ledger.Samples.ShouldBe(3);
    }

    [Fact]
    public async Task Cancellation_leaves_no_branch_open()
    {
        using var stop = new CancellationTokenSource();
        var policy = new ScriptedPolicy(_ => ScriptedPolicy.Words("one two three = 1"))
        {
            BeforeStep = step => { if (step == 7) stop.Cancel(); },                     // within the second round
        };
        using (var session = ScriptedSession.Open(policy, new SolveSettings { Verifier = IsSeven }, stop: stop.Token))
            await Should.ThrowAsync<OperationCanceledException>(() => new RepeatedSampling(8, round: 2).SolveAsync(session));
        policy.Drawn.ShouldBe(14);
        policy.OpenBranches.ShouldBe(0);
    }

    [Fact]
    public void The_row_makes_it_from_text() =>
        StrategyTable.Create("repeated-sampling", new Dictionary<string, string> { ["round"] = "2", ["stop-at-first"] = "no" }).ShouldBeOfType<RepeatedSampling>();
}
