using Ponder.Reasoning.Budgets;
using Ponder.Reasoning.Composition;
using Ponder.Reasoning.Sessions;
using Ponder.Reasoning.Strategies;
using Ponder.Reasoning.Tests.Scripted;
using Ponder.Reasoning.Verifiers;

namespace Ponder.Reasoning.Tests.Composition;

public sealed class EnsembleTests
{
    // Three runs of two samples: the first is sure of 1, the second is half sure of 2, the third half sure of 2.
    private static readonly string[] Answers = ["= 1", "= 1", "= 2", "= 3", "= 2", "= 4"];

    [Theory]
    [InlineData(true, "1", 0.5)]                                // 1 weighs 1.0, 2 weighs 0.5 + 0.5: the first of equals
    [InlineData(false, "2", 2 / 3.0)]                           // two runs of three
    public async Task Runs_vote_with_what_they_are_sure_of_or_all_the_same(bool byConfidence, string answer, double confidence)
    {
        var policy = ScriptedPolicy.OfAnswers(Answers);
        using (var session = ScriptedSession.Open(policy))
        {
            var choice = await new Ensemble(new Majority(2), runs: 3, byConfidence).SolveAsync(session);
            choice.Thought!.Answer.ShouldBe(answer);
            choice.Confidence!.Value.ShouldBe(confidence, 1e-12);
            session.Ledger.Samples.ShouldBe(6);
            session.Thoughts.Count.ShouldBe(7);                 // all runs share the prompt
        }
        policy.OpenBranches.ShouldBe(0);
    }

    [Fact]
    public async Task Every_run_gets_an_even_part_of_what_is_left()
    {
        var policy = new ScriptedPolicy(state => ScriptedPolicy.Words(state.Key == 1 ? "= 1" : new string('a', 50).Replace("a", "a ", StringComparison.Ordinal)));
        using var session = ScriptedSession.Open(policy, new SolveSettings { Budget = new Budget { Tokens = 33 } });
        await new Ensemble(new SingleAnswer(), runs: 3).SolveAsync(session);
        session.Ledger.Steps.Select(step => step.GeneratedTokens).ShouldBe([3, 15, 15]);      // of 11 the first used 3; the others share 30
    }

    [Fact]
    public async Task Every_run_has_a_seed_of_its_own()
    {
        var seeds = new List<ulong>();
        var policy = new ScriptedPolicy(state =>
        {
            lock (seeds)
                seeds.Add(state.Seed);
            return ScriptedPolicy.Words("= 1");
        });
        using var session = ScriptedSession.Open(policy, new SolveSettings { Seed = 7 });
        await new Ensemble(new SingleAnswer(), runs: 4).SolveAsync(session);
        seeds.Distinct().Count().ShouldBe(4);
    }

    [Fact]
    public async Task An_answer_that_is_proven_right_ends_it()
    {
        var problem = ScriptedSession.Problem with { Verifier = new ScriptedVerifier(text => new Verdict(text.EndsWith('2'))) };
        using var session = ScriptedSession.Open(ScriptedPolicy.OfAnswers(Answers), problem: problem);
        var choice = await new Ensemble(new RepeatedSampling(2), runs: 3).SolveAsync(session);
        choice.ShouldBe(new Choice(session.Thoughts[3], 1));
        session.Ledger.Samples.ShouldBe(4);
    }

    [Fact]
    public async Task Strategies_nest_as_deep_as_their_text_says()
    {
        var strategy = StrategyText.Create("ensemble runs=2 inner=(ensemble runs=2 weight=same inner=(majority samples=3))");
        using var session = ScriptedSession.Open(new ScriptedPolicy(_ => ScriptedPolicy.Words("= 1")));
        (await strategy.SolveAsync(session)).Confidence.ShouldBe(1);
        session.Ledger.Samples.ShouldBe(12);
    }

    [Fact]
    public void What_the_inner_strategy_needs_the_outer_one_needs()
    {
        StrategyText.Create("ensemble inner=(rebase width=4)").NeedsReward.ShouldBeTrue();
        StrategyText.Create("ensemble inner=single").NeedsReward.ShouldBeFalse();
        StrategyText.Create("ensemble inner=iterative-decoding").NeedsVerifier.ShouldBeTrue();
        StrategyText.Create("ensemble inner=spec-reason").NeedsDrafter.ShouldBeTrue();
        StrategyText.Create("ensemble inner=spec-reason").Needs.ShouldBe(new SpecReason().Needs);
        Should.Throw<StrategyException>(() => StrategyText.Create("ensemble inner=(rebas width=4)")).Message.ShouldContain("'rebas'");
    }

    [Fact]
    public void A_value_may_keep_its_parentheses()
    {
        StrategyTable.Create("ensemble", new Dictionary<string, string> { ["inner"] = "(majority samples=2)" }).Name.ShouldBe("ensemble");
        StrategyText.Parse("((majority samples=2))").Name.ShouldBe("majority");
    }
}
