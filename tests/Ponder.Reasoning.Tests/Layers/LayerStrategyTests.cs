using System.Globalization;
using Ponder.Reasoning.Budgets;
using Ponder.Reasoning.Layers;
using Ponder.Reasoning.Policies;
using Ponder.Reasoning.Sessions;
using Ponder.Reasoning.Strategies;
using Ponder.Reasoning.Tasks.Adapters;
using Ponder.Reasoning.Tests.Scripted;
using Ponder.Reasoning.Verifiers;
using Ponder.Reasoning.Verifiers.Code;

namespace Ponder.Reasoning.Tests.Layers;

public sealed class LayerStrategyTests
{
    // Five samples; the policy's requests are told by their words.
    private static readonly string[] Answers = ["= 1", "= 2", "so = 2", "none", "= 3"];

    [Fact]
    public async Task Candidates_are_generated_ranked_by_reward_and_put_to_a_vote()
    {
        // Rewards by length: "so = 2" has the highest, the others the same. Of four answers three stay, in this order: 2 (so), 1, 2; the vote is for 2.
        var policy = Policy();
        var settings = new SolveSettings { Reward = new ScriptedReward(text => text.Length / 10.0) };
        using (var session = ScriptedSession.Open(policy, settings))
        {
            var choice = await Strategy(Generate(5), PlanPart.Of("rank", ("keep", "3"))).SolveAsync(session);
            choice.Thought!.Number.ShouldBe(3);
            choice.Confidence!.Value.ShouldBe(2 / 3.0, 1e-12);
            session.Ledger.Samples.ShouldBe(5);
            session.Ledger.Steps.Select(step => step.Name).ShouldBe(["generate", "score"]);
        }
        policy.OpenBranches.ShouldBe(0);
    }

    [Fact]
    public async Task Critiques_reach_the_fusion_and_the_fused_answer_takes_the_candidates_place()
    {
        var policy = Policy();
        using (var session = ScriptedSession.Open(policy))
        {
            var choice = await Strategy(Generate(3), PlanPart.Of("critique", ("max_tokens", "4")), PlanPart.Of("fuse")).SolveAsync(session);
            choice.Thought!.Answer.ShouldBe("7");
            choice.Thought.IsAnswer.ShouldBeTrue();
            choice.Confidence.ShouldBeNull();                   // one answer alone is no vote
            session.Ledger.Samples.ShouldBe(4);
            session.Ledger.Steps.Select(step => step.Name).ShouldBe(["generate", "critique", "fuse"]);
        }
        string fusion = policy.Prompts[^1];
        fusion.ShouldStartWith("What is it?");
        fusion.ShouldContain("3 proposed solutions");
        fusion.ShouldContain("Solution 3:\nso = 2");
        fusion.ShouldContain("What was said about solution 3:\nIt is neither good");       // four tokens of it
        fusion.ShouldNotContain("nor bad");
        policy.OpenBranches.ShouldBe(0);
    }

    [Fact]
    public async Task Without_a_reward_the_policy_says_the_order()
    {
        // It says 3 > 1 of three candidates: thoughts 3 and 1; the third, which it left out, is behind them.
        using var session = ScriptedSession.Open(Policy());
        var choice = await Strategy(Generate(3), PlanPart.Of("rank", ("keep", "1"))).SolveAsync(session);
        choice.Thought!.Number.ShouldBe(3);
        using var other = ScriptedSession.Open(Policy());
        (await Strategy(Generate(3), PlanPart.Of("rank", ("keep", "3"))).SolveAsync(other)).Thought!.Answer.ShouldBe("2");
    }

    [Theory]
    [InlineData("2 > 1 > 3", 3, new[] { 1, 0, 2 })]
    [InlineData("Solution 1 has 5 steps.\nOrder: [3] > [1], [2]", 3, new[] { 2, 0, 1 })]
    [InlineData("2 > 9 > 2 > 1", 3, new[] { 1, 0 })]
    [InlineData("The best one is 2", 3, new[] { 1 })]
    [InlineData("I cannot tell.", 3, new int[0])]
    [InlineData("99999999999999999999 > 0", 3, new int[0])]
    public void An_order_is_read(string text, int count, int[] places) => LayerPrompts.ReadRanking(text, count).ShouldBe(places);

    [Fact]
    public async Task The_verifier_keeps_what_is_right_and_is_sure_of_it()
    {
        var problem = ScriptedSession.Problem with { Verifier = new ScriptedVerifier(text => new Verdict(text.EndsWith('3'))) };
        using var session = ScriptedSession.Open(Policy(), problem: problem);
        var choice = await Strategy(Generate(5), PlanPart.Of("verify")).SolveAsync(session);
        choice.ShouldBe(new Choice(session.Thoughts[5], 1));
        session.Ledger.Verified.ShouldBe(4);                    // not the one without an answer
    }

    [Fact]
    public async Task Where_nothing_is_right_all_goes_on_with_a_note()
    {
        var problem = ScriptedSession.Problem with { Verifier = new ScriptedVerifier(_ => new Verdict(false)) };
        using var session = ScriptedSession.Open(Policy(), problem: problem);
        (await Strategy(Generate(5), PlanPart.Of("verify")).SolveAsync(session)).Thought!.Answer.ShouldBe("2");
        session.Notes.ShouldContain("A layer found no candidate right, and passed all of them on.");
    }

    [Theory]
    [InlineData(PolicyFeatures.All)]
    [InlineData(PolicyFeatures.None)]                           // by short replies
    public async Task Without_a_verifier_the_policy_says_yes_or_no(PolicyFeatures features)
    {
        using var session = ScriptedSession.Open(Policy(features));
        (await Strategy(Generate(5), PlanPart.Of("verify")).SolveAsync(session)).Thought!.Answer.ShouldBe("3");
    }

    [Theory]
    [InlineData(PolicyFeatures.All)]
    [InlineData(PolicyFeatures.None)]
    public async Task The_candidate_that_most_checks_hold_for_is_kept(PolicyFeatures features)
    {
        // Two checks: the first holds for all but 1, the second for 3 alone.
        using var session = ScriptedSession.Open(Policy(features));
        (await Strategy(Generate(5), PlanPart.Of("unit-test", ("tests", "2"))).SolveAsync(session)).Thought!.Answer.ShouldBe("3");
    }

    [Fact]
    public async Task Programs_are_run_against_assertions_that_the_policy_wrote()
    {
        var problem = ScriptedSession.Problem with { Question = "def twice(n):", Answers = new CodeAnswers(CodeLanguage.Python) };
        string[] programs = ["def twice(n): return n", "def twice(n): return 2 * n", "def twice(n): return n * n"];
        var policy = new ScriptedPolicy(state => ScriptedPolicy.Words(
            state.Prompt.Contains("Do not complete", StringComparison.Ordinal) ? "Here:\n```python\nassert twice(1) == 2\nassert twice(0) == 0\nassert (\n```" : programs[(int)state.Key - 1]));
        var runner = new CountingRunner();
        using var session = ScriptedSession.Open(policy, new SolveSettings { Runner = runner }, problem);

        (await Strategy(Generate(3), PlanPart.Of("unit-test")).SolveAsync(session)).Thought!.Number.ShouldBe(2);

        runner.Programs.Count.ShouldBe(3);
        runner.Programs.ShouldAllBe(program => program.Contains("exec(\"assert twice(1) == 2\")\n    _held += 1", StringComparison.Ordinal));
        runner.Programs.ShouldAllBe(program => program.EndsWith("print(_held)\n", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Parts_of_one_layer_stand_side_by_side()
    {
        // Two generators of two answers each; then a ranking beside a fusion: the best of four, and one more.
        var policy = Policy();
        var plan = new LayerPlan([
            new PlanLayer([Generate(2), Generate(1)]),
            new PlanLayer([PlanPart.Of("rank", ("by", "reward")), PlanPart.Of("fuse", ("samples", "2"))])]);
        using var session = ScriptedSession.Open(policy, new SolveSettings { Reward = new ScriptedReward(text => text.Length / 10.0) });
        var choice = await new LayerStrategy(plan).SolveAsync(session);
        choice.Thought!.Answer.ShouldBe("7");                   // two fusions against "so = 2"
        choice.Confidence!.Value.ShouldBe(2 / 3.0, 1e-12);
    }

    [Fact]
    public async Task A_strategy_generates_candidates_of_its_own_each_run_with_its_own_seed()
    {
        var seeds = new HashSet<ulong>();
        var policy = new ScriptedPolicy(state =>
        {
            lock (seeds)
                seeds.Add(state.Seed);
            return ScriptedPolicy.Words("= " + state.Temperature.ToString(CultureInfo.InvariantCulture));
        });
        using var session = ScriptedSession.Open(policy, new SolveSettings { Seed = 3 });
        var part = PlanPart.Of("generate", ("samples", "2"), ("strategy", "majority samples=3"), ("temperature", "0.25"));
        (await Strategy(part).SolveAsync(session)).Thought!.Answer.ShouldBe("0.25");
        session.Ledger.Samples.ShouldBe(6);
        seeds.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_plan_that_the_budget_cuts_passes_on_what_there_is_and_says_so()
    {
        var policy = Policy();
        using (var session = ScriptedSession.Open(policy, new SolveSettings { Budget = new Budget { Tokens = 8 } }))
        {
            // 3 + 3 tokens for two answers, 2 for a third that is cut; nothing is left for critiques, nor for a fusion.
            var choice = await Strategy(Generate(3), PlanPart.Of("critique"), PlanPart.Of("fuse")).SolveAsync(session);
            choice.Thought!.Number.ShouldBe(1);
            session.Notes.ShouldContain("A layer passed 2 of 2 candidates on without a critique.");
            session.Notes.ShouldContain("A layer could not fuse its candidates into an answer, and passed them on.");
        }
        policy.Drawn.ShouldBe(8);
        policy.OpenBranches.ShouldBe(0);
    }

    [Fact]
    public async Task Without_a_candidate_there_is_no_answer()
    {
        using var session = ScriptedSession.Open(new ScriptedPolicy(_ => ScriptedPolicy.Words("none")));
        (await Strategy(Generate(3), PlanPart.Of("fuse")).SolveAsync(session)).Thought.ShouldBeNull();
        session.Notes.ShouldBe(["A layer generated no answer."]);
    }

    [Fact]
    public void What_its_parts_need_it_needs()
    {
        Strategy(Generate(2), PlanPart.Of("rank")).NeedsReward.ShouldBeFalse();
        Strategy(Generate(2), PlanPart.Of("rank", ("by", "reward"))).NeedsReward.ShouldBeTrue();
        Strategy(Generate(2), PlanPart.Of("verify", ("by", "verifier"))).NeedsVerifier.ShouldBeTrue();
        Strategy(PlanPart.Of("generate", ("strategy", "spec-reason"))).NeedsDrafter.ShouldBeTrue();
        Strategy(PlanPart.Of("generate", ("strategy", "rebase"))).Needs.ShouldBe(PolicyFeatures.Branches);
    }

    private static LayerStrategy Strategy(params PlanPart[] parts) => new(LayerPlan.Of(parts));

    private static PlanPart Generate(int samples) => PlanPart.Of("generate", ("samples", samples.ToString(CultureInfo.InvariantCulture)));

    private static ScriptedPolicy Policy(PolicyFeatures features = PolicyFeatures.All) => new(state => ScriptedPolicy.Words(Reply(state)))
    {
        Features = features,
        Choice = (state, choice) => (Reply(state) == "Yes") == (choice == "Yes") ? 0.8 : 0.1,
    };

    private static string Reply(ScriptedState state)
    {
        string prompt = state.Prompt;
        bool Asks(string words) => prompt.Contains(words, StringComparison.Ordinal);
        return Asks("name its weaknesses") ? "It is neither good nor bad but long."
            : Asks("an answer of your own") ? "fused = 7"
            : Asks("Put the solutions in order") ? "3 > 1"
            : Asks("short statements") ? "1. It is more than one.\n2. It is more than two."
            : Asks("more than one") ? (Asks("= 1") ? "No" : "Yes")
            : Asks("more than two") || Asks("Is the answer correct") ? (Asks("= 3") ? "Yes" : "No")
            : Answers[(int)state.Key - 1];
    }

    // Knows what the programs of the test come to.
    private sealed class CountingRunner : ICodeRunner
    {
        public List<string> Programs { get; } = [];

        public Task<CodeRun> RunAsync(string language, string code, CancellationToken cancellationToken)
        {
            language.ShouldBe("python");
            lock (Programs)
                Programs.Add(code);
            string held = code.StartsWith("def twice(n): return 2 * n", StringComparison.Ordinal) ? "2" : "1";
            return Task.FromResult(new CodeRun(true, $"some output\n{held}\n", null));
        }
    }
}
