using Ponder.Reasoning.Budgets;
using Ponder.Reasoning.Problems;
using Ponder.Reasoning.Sessions;
using Ponder.Reasoning.Strategies;
using Ponder.Reasoning.Tests.Scripted;

namespace Ponder.Reasoning.Tests.Strategies;

public sealed class SelfRefineTests
{
    // The first answer is 1; critiques find fault with every answer below the last; each refinement adds 1.
    private static ScriptedPolicy Growing(int last) => new(state =>
    {
        int answers = state.Prompt.Split("= ").Length - 1;
        bool isCritique = state.Prompt.TrimEnd().EndsWith("NOTHING TO MEND", StringComparison.Ordinal);
        return ScriptedPolicy.Words(!isCritique ? $"= {answers + 1}" : answers < last ? "It is too small." : "Fine. Nothing to mend.");
    });

    [Fact]
    public async Task Refines_until_the_critique_finds_nothing()
    {
        var policy = Growing(last: 3);
        using (var session = ScriptedSession.Open(policy))
        {
            var choice = await new SelfRefine(rounds: 8).SolveAsync(session);

            choice.Thought!.Answer.ShouldBe("3");
            session.Ledger.Samples.ShouldBe(3);
            session.Ledger.Steps.Select(step => step.Name).ShouldBe(["sample", "feedback", "refine", "feedback", "refine", "feedback"]);
            session.Thoughts.Where(thought => !thought.IsAnswer && thought.Parent is not null).Select(thought => thought.Text)
                .ShouldBe(["It is too small.", "It is too small.", "Fine. Nothing to mend."]);
        }
        policy.OpenBranches.ShouldBe(0);
    }

    [Fact]
    public async Task Stops_after_its_rounds()
    {
        using var session = ScriptedSession.Open(Growing(last: 9));
        (await new SelfRefine(rounds: 2).SolveAsync(session)).Thought!.Answer.ShouldBe("3");
        session.Ledger.Steps.Count.ShouldBe(5);
    }

    [Fact]
    public async Task A_refinement_without_an_answer_takes_no_place()
    {
        var policy = new ScriptedPolicy(state => ScriptedPolicy.Words(
            state.Prompt == "What is it? " ? "= 1" : state.Prompt.TrimEnd().EndsWith("NOTHING TO MEND", StringComparison.Ordinal) ? "Wrong." : "I do not know"));
        using var session = ScriptedSession.Open(policy);
        (await new SelfRefine(rounds: 2).SolveAsync(session)).Thought!.Answer.ShouldBe("1");
    }

    [Fact]
    public async Task The_conversation_holds_all_that_was_said()
    {
        using var session = ScriptedSession.Open(Growing(last: 2), problem: ScriptedSession.Problem with { Prompt = Prompt.Ask("What is it?", "Be brief.") });
        await new SelfRefine().SolveAsync(session);
        session.Thoughts[^1].Prompt.Turns.Select(turn => turn.Role)
            .ShouldBe(["system", "user", "assistant", "user", "assistant", "user", "assistant", "user"]);
        session.Thoughts[^1].Prompt.Turns[4].Content.ShouldBe("It is too small.");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(9)]
    public async Task The_budget_is_kept_to_the_token(int tokens)
    {
        var policy = Growing(last: 9);                          // 3 tokens an answer with its end, 5 a critique
        using var session = ScriptedSession.Open(policy, new SolveSettings { Budget = new Budget { Tokens = tokens } });
        var choice = await new SelfRefine().SolveAsync(session);
        policy.Drawn.ShouldBe(tokens);
        choice.Thought?.Answer.ShouldBe("1");
    }

    [Fact]
    public async Task Samples_are_answers_alone()
    {
        using var session = ScriptedSession.Open(Growing(last: 9), new SolveSettings { Budget = new Budget { Samples = 2 } });
        (await new SelfRefine().SolveAsync(session)).Thought!.Answer.ShouldBe("2");
    }

    [Fact]
    public async Task Cancellation_ends_it_within_a_step()
    {
        using var stop = new CancellationTokenSource();
        var policy = new ScriptedPolicy(_ => ScriptedPolicy.Words("a b c d = 1")) { BeforeStep = step => { if (step == 8) stop.Cancel(); } };
        using (var session = ScriptedSession.Open(policy, stop: stop.Token))
            await Should.ThrowAsync<OperationCanceledException>(() => new SelfRefine().SolveAsync(session));
        policy.Drawn.ShouldBe(8);
        policy.OpenBranches.ShouldBe(0);
    }
}
