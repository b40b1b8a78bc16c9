using Ponder.Reasoning.Budgets;
using Ponder.Reasoning.Sessions;
using Ponder.Reasoning.Strategies;
using Ponder.Reasoning.Tests.Scripted;

namespace Ponder.Reasoning.Tests.Strategies;

public sealed class BudgetForcingTests
{
    // Thinks "hm hm </think>" whatever stands before, and "so so </think>" after a wait; answers when thinking has ended.
    private static ScriptedPolicy Thinker() => new(state => ScriptedPolicy.Words(
        state.Text.Contains("Final Answer:", StringComparison.Ordinal) ? "= 7"
        : state.Text.Contains("</think>", StringComparison.Ordinal) ? "done = 5"
        : state.Text.Contains("Wait", StringComparison.Ordinal) ? "so so </think> = 4" : "hm hm </think> = 3"));

    [Fact]
    public async Task An_end_that_comes_too_soon_becomes_a_wait()
    {
        var policy = Thinker();
        using (var session = ScriptedSession.Open(policy))
        {
            var choice = await new BudgetForcing(waits: 2).SolveAsync(session);

            choice.Thought!.Text.ShouldBe("hm hm Waitso so Waitso so </think>done = 5");
            choice.Thought.Answer.ShouldBe("5");
            session.Ledger.Samples.ShouldBe(1);
            policy.Drawn.ShouldBe(3 + 3 + 3 + 4);
        }
        policy.OpenBranches.ShouldBe(0);
    }

    [Fact]
    public async Task Ends_are_dropped_until_there_are_tokens_enough()
    {
        using var session = ScriptedSession.Open(Thinker());
        var choice = await new BudgetForcing(waits: 0, minTokens: 7).SolveAsync(session);
        choice.Thought!.Text.ShouldBe("hm hm Waitso so Waitso so </think>done = 5");    // ends at 3, 6 and 9 tokens
    }

    [Fact]
    public async Task Thinking_is_cut_at_its_most_and_the_answer_called_for()
    {
        var policy = Thinker();
        using var session = ScriptedSession.Open(policy);
        var choice = await new BudgetForcing(maxThinking: 4, waits: 6).SolveAsync(session);
        choice.Thought!.Text.ShouldBe("hm hm Waitso </think>\n\nFinal Answer:= 7");
        choice.Thought.Answer.ShouldBe("7");
        policy.Drawn.ShouldBe(4 + 3);
    }

    [Fact]
    public async Task Without_tags_the_end_of_the_text_is_the_end_of_thinking()
    {
        var policy = new ScriptedPolicy(state => ScriptedPolicy.Words(state.Text.Contains("Wait", StringComparison.Ordinal) ? " no = 2" : "= 1"));
        using var session = ScriptedSession.Open(policy);
        var choice = await new BudgetForcing(waits: 1, texts: ThinkingTexts.Plain).SolveAsync(session);
        (choice.Thought!.Text, choice.Thought.Answer).ShouldBe(("= 1\n\nWait no = 2", "2"));
        policy.OpenBranches.ShouldBe(1);                        // the root: the thought's memory is free
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(6)]
    [InlineData(9)]
    public async Task A_budget_leaves_room_for_the_answer_and_is_kept_to_the_token(int tokens)
    {
        var policy = new ScriptedPolicy(state => ScriptedPolicy.Words(
            state.Text.Contains("Final Answer:", StringComparison.Ordinal) ? "= 7 or so I think it to be" : "a b c d e f g h i j k l"));
        using (var session = ScriptedSession.Open(policy, new SolveSettings { Budget = new Budget { Tokens = tokens } }))
        {
            await new BudgetForcing(answerTokens: 4).SolveAsync(session);
            policy.Drawn.ShouldBe(tokens);
            session.Thoughts[1].End.ShouldBe(ThoughtEnd.Budget);
            if (tokens == 9)
                session.Thoughts[1].Text.ShouldBe("a b c d e </think>\n\nFinal Answer:= 7 or so ");
        }
        policy.OpenBranches.ShouldBe(0);
    }

    [Fact]
    public async Task Cancellation_ends_it_within_a_step()
    {
        using var stop = new CancellationTokenSource();
        var policy = new ScriptedPolicy(_ => ScriptedPolicy.Words("a b c d e f")) { BeforeStep = step => { if (step == 9) stop.Cancel(); } };
        using (var session = ScriptedSession.Open(policy, stop: stop.Token))
            await Should.ThrowAsync<OperationCanceledException>(() => new BudgetForcing(waits: 4).SolveAsync(session));
        policy.Drawn.ShouldBe(9);
        policy.OpenBranches.ShouldBe(0);
    }
}
