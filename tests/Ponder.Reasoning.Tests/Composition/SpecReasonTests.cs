using Ponder.Reasoning.Budgets;
using Ponder.Reasoning.Composition;
using Ponder.Reasoning.Policies;
using Ponder.Reasoning.Sessions;
using Ponder.Reasoning.Solving;
using Ponder.Reasoning.Strategies;
using Ponder.Reasoning.Tests.Scripted;

namespace Ponder.Reasoning.Tests.Composition;

public sealed class SpecReasonTests
{
    // Each writes its own step at any place of the answer, whoever wrote the steps before.
    private static readonly string[] SmallSteps = ["a 1\n", "b 2\n", "= 7"], LargeSteps = ["A 1\n", "B 2\n", "= 8"];

    private readonly ScriptedPolicy _small = Writer(SmallSteps);
    private readonly ScriptedPolicy _large = Writer(LargeSteps);

    // The large one gives the step "b 2" a 3, and all others an 8.
    private static ScriptedPolicy Writer(string[] steps) => new(state => ScriptedPolicy.Rest(
        string.Concat(steps.Skip(state.Text.Count(letter => letter == '\n'))), state.Text[(state.Text.LastIndexOf('\n') + 1)..]))
    {
        Choice = (state, digit) => digit == (state.Text.Contains("b 2", StringComparison.Ordinal) ? "3" : "8") ? 1 : 0,
    };

    private SolveSettings Settings => new() { StepDelimiter = "\n", Drafter = _small };

    [Fact]
    public async Task Good_drafts_are_kept_and_others_are_written_anew()
    {
        using (var session = ScriptedSession.Open(_large, Settings))
        {
            var choice = await new SpecReason().SolveAsync(session);
            choice.Thought!.Text.ShouldBe("a 1\nB 2\n= 7");
            choice.Thought.Answer.ShouldBe("7");
            choice.Thought.End.ShouldBe(ThoughtEnd.Finished);
            session.Notes.ShouldBe(["Of 3 drafted steps 2 were kept; 1 were written by script."]);
            session.Ledger.Steps.Select(step => step.Name).ShouldBe(["draft", "ask", "draft", "ask", "step", "draft", "ask"]);
            (_small.Drawn, _large.Drawn).ShouldBe((7, 2));      // two words, two words, two words and the end; two words
            session.Ledger.GeneratedTokens.ShouldBe(9);
            session.Ledger.Samples.ShouldBe(1);
        }
        (_small.OpenBranches + _large.OpenBranches).ShouldBe(0);
    }

    [Fact]
    public async Task The_first_steps_can_be_the_large_ones()
    {
        using var session = ScriptedSession.Open(_large, Settings);
        var choice = await new SpecReason(new SpecReasonOptions { FirstSteps = 2 }).SolveAsync(session);
        choice.Thought!.Text.ShouldBe("A 1\nB 2\n= 7");
        session.Notes.ShouldBe(["Of 1 drafted steps 1 were kept; 2 were written by script."]);
    }

    [Theory]
    [InlineData(0, "a 1\nb 2\n= 7")]
    [InlineData(9, "A 1\nB 2\n= 8")]
    public async Task The_threshold_decides_who_writes(double threshold, string text)
    {
        using var session = ScriptedSession.Open(_large, Settings);
        (await new SpecReason(new SpecReasonOptions { Threshold = threshold }).SolveAsync(session)).Thought!.Text.ShouldBe(text);
    }

    [Fact]
    public async Task A_reward_may_be_the_judge()
    {
        var settings = Settings with { Reward = new ScriptedReward(text => text.Contains("b 2", StringComparison.Ordinal) ? 0.7 : 0.8) };   // 6.3 and 7.2 of 9
        using var session = ScriptedSession.Open(_large, settings);
        var strategy = StrategyText.Create("spec-reason judge=reward");
        strategy.NeedsReward.ShouldBeTrue();
        strategy.Needs.ShouldBe(PolicyFeatures.Branches);
        (await strategy.SolveAsync(session)).Thought!.Text.ShouldBe("a 1\nB 2\n= 7");
    }

    [Fact]
    public async Task A_policy_can_be_its_own_drafter()
    {
        using (var session = ScriptedSession.Open(_large, Settings with { Drafter = _large }))
            (await new SpecReason().SolveAsync(session)).Thought!.Text.ShouldBe("A 1\nB 2\n= 8");
        _large.OpenBranches.ShouldBe(0);
    }

    [Fact]
    public async Task An_answer_that_comes_to_its_most_tokens_is_cut()
    {
        using var session = ScriptedSession.Open(_large, Settings);
        (await new SpecReason(new SpecReasonOptions { MaxTokens = 3 }).SolveAsync(session)).ShouldBe(Choice.None);
        session.Thoughts.Where(thought => thought.IsAnswer).Select(thought => thought.End).ShouldContain(ThoughtEnd.Length);
    }

    [Fact]
    public async Task A_step_without_an_end_is_taken_as_it_is()
    {
        using var session = ScriptedSession.Open(_large, Settings);
        (await new SpecReason(new SpecReasonOptions { StepTokens = 1, Threshold = 0 }).SolveAsync(session)).Thought!.Answer.ShouldBe("7");
        _large.Drawn.ShouldBe(0);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(8)]
    public async Task The_budget_holds_for_both(int tokens)
    {
        using (var session = ScriptedSession.Open(_large, Settings with { Budget = new Budget { Tokens = tokens } }))
        {
            (await new SpecReason().SolveAsync(session)).ShouldBe(Choice.None);
            (_small.Drawn + _large.Drawn).ShouldBe(tokens);
            session.Ledger.GeneratedTokens.ShouldBe(tokens);
        }
        (_small.OpenBranches + _large.OpenBranches).ShouldBe(0);
    }

    [Fact]
    public async Task Cancellation_ends_both_within_a_step()
    {
        using var stop = new CancellationTokenSource();
        var small = new ScriptedPolicy(_ => ScriptedPolicy.Words("a b c d e f g h\n"))
        {
            BeforeStep = step =>
            {
                if (step == 3)
                    stop.Cancel();
            },
        };
        using (var session = ScriptedSession.Open(_large, Settings with { Drafter = small }, stop: stop.Token))
            await Should.ThrowAsync<OperationCanceledException>(new SpecReason().SolveAsync(session));
        small.Drawn.ShouldBe(3);
        (small.OpenBranches + _large.OpenBranches).ShouldBe(0);
    }

    [Fact]
    public async Task A_policy_that_tells_no_digits_apart_keeps_nothing_and_says_so()
    {
        var large = new ScriptedPolicy(state => ScriptedPolicy.Words(string.Concat(LargeSteps.Skip(state.Text.Count(letter => letter == '\n'))))) { Choice = (_, _) => 0.1 };
        using var session = ScriptedSession.Open(large, Settings);
        (await new SpecReason().SolveAsync(session)).Thought!.Answer.ShouldBe("8");
        session.Notes.ShouldContain("script cannot score steps: no digit is likelier than the others.");
    }

    [Fact]
    public void A_missing_drafter_or_one_without_branches_is_named()
    {
        Should.Throw<StrategyException>(() => new Solver(_large, new SpecReason(), new SolveSettings())).Message.ShouldContain("needs a drafter");
        using var client = new FakeChatClient(_ => FakeChatClient.Reply("= 1", 3));
        Should.Throw<StrategyException>(() => new Solver(_large, new SpecReason(), new SolveSettings { Drafter = new ChatPolicy(client) })).Message
            .ShouldContain("cannot be driven step by step");
    }
}
