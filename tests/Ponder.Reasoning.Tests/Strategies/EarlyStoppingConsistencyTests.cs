using Ponder.Reasoning.Budgets;
using Ponder.Reasoning.Sessions;
using Ponder.Reasoning.Strategies;
using Ponder.Reasoning.Tests.Scripted;

namespace Ponder.Reasoning.Tests.Strategies;

public sealed class EarlyStoppingConsistencyTests
{
    [Fact]
    public async Task It_stops_behind_the_first_window_that_agrees()
    {
        using var session = ScriptedSession.Open(ScriptedPolicy.OfAnswers("= 1", "= 1", "= 2", "= 2", "= 2", "= 2", "= 1", "= 1"));
        var choice = await new EarlyStoppingConsistency(8, window: 2).SolveAsync(session);
        session.Ledger.Samples.ShouldBe(2);
        choice.Thought!.Answer.ShouldBe("1");
        choice.Confidence.ShouldBe(1);
    }

    [Fact]
    public async Task The_majority_of_all_decides_not_the_last_window()
    {
        // Windows of three: 1 1 2, 1 1 2, 2 2 2 agrees: 4 against 5. And 1 1 2, 1 1 3, 2 2 2: 4 against 4, the first seen.
        using (var session = ScriptedSession.Open(ScriptedPolicy.OfAnswers("= 1", "= 1", "= 2", "= 1", "= 1", "= 2", "= 2", "= 2", "= 2", "= 9", "= 9", "= 9")))
        {
            (await new EarlyStoppingConsistency(12, window: 3).SolveAsync(session)).Thought!.Answer.ShouldBe("2");
            session.Ledger.Samples.ShouldBe(9);
        }
        using (var session = ScriptedSession.Open(ScriptedPolicy.OfAnswers("= 1", "= 1", "= 2", "= 1", "= 1", "= 3", "= 2", "= 2", "= 2")))
            (await new EarlyStoppingConsistency(12, window: 3).SolveAsync(session)).Thought!.Answer.ShouldBe("1");
    }

    [Fact]
    public async Task A_sample_without_an_answer_agrees_with_nothing()
    {
        using var session = ScriptedSession.Open(ScriptedPolicy.OfAnswers("= 1", "none", "= 1", "= 1"));
        await new EarlyStoppingConsistency(4, window: 2).SolveAsync(session);
        session.Ledger.Samples.ShouldBe(4);
    }

    [Fact]
    public async Task The_last_window_may_be_short()
    {
        using var session = ScriptedSession.Open(ScriptedPolicy.OfAnswers("= 1", "= 2", "= 2"));
        (await new EarlyStoppingConsistency(3, window: 2).SolveAsync(session)).Thought!.Answer.ShouldBe("2");
        session.Ledger.Samples.ShouldBe(3);
    }

    [Fact]
    public async Task The_budget_is_kept_to_the_token()
    {
        var policy = ScriptedPolicy.OfAnswers("= 1", "= 2", "= 2", "= 2");
        using var session = ScriptedSession.Open(policy, new SolveSettings { Budget = new Budget { Tokens = 8 }, MaxTokens = 5 });
        (await new EarlyStoppingConsistency(4, window: 2).SolveAsync(session)).Thought!.Number.ShouldBe(1);
        policy.Drawn.ShouldBe(8);
    }

    [Fact]
    public async Task Cancellation_leaves_no_branch_open()
    {
        using var stop = new CancellationTokenSource();
        var policy = new ScriptedPolicy(state => ScriptedPolicy.Words($"one two = {state.Key}"))
        {
            BeforeStep = step => { if (step == 6) stop.Cancel(); },
        };
        using (var session = ScriptedSession.Open(policy, stop: stop.Token))
            await Should.ThrowAsync<OperationCanceledException>(() => new EarlyStoppingConsistency(10, window: 2).SolveAsync(session));
        policy.Drawn.ShouldBe(12);
        policy.OpenBranches.ShouldBe(0);
    }
}
