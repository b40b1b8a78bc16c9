using Ponder.Reasoning.Budgets;
using Ponder.Reasoning.Sessions;
using Ponder.Reasoning.Strategies;
using Ponder.Reasoning.Tests.Scripted;

namespace Ponder.Reasoning.Tests.Strategies;

public sealed class MajorityTests
{
    [Fact]
    public async Task The_answer_that_most_agree_on_wins()
    {
        var policy = ScriptedPolicy.OfAnswers("= 1", "= 2", "so = 2", "none");
        using var session = ScriptedSession.Open(policy);

        var choice = await new Majority(4).SolveAsync(session);

        choice.Thought!.Answer.ShouldBe("2");
        choice.Confidence.ShouldBe(2 / 3.0);
    }

    [Fact]
    public async Task A_tie_goes_to_the_answer_seen_first()
    {
        using var session = ScriptedSession.Open(ScriptedPolicy.OfAnswers("= 3", "= 1", "= 1", "= 3"));
        var choice = await new Majority(4).SolveAsync(session);
        choice.Thought!.Number.ShouldBe(1);
    }

    [Fact]
    public async Task The_budget_is_kept_to_the_token()
    {
        var policy = ScriptedPolicy.OfAnswers("= 1", "= 2", "= 2", "= 2");
        var settings = new SolveSettings { Budget = new Budget { Tokens = 7 }, MaxTokens = 5 };
        using var session = ScriptedSession.Open(policy, settings);

        await new Majority(4).SolveAsync(session);

        policy.Drawn.ShouldBe(7);                               // 3 + 3, then the third is cut behind its first token
        session.Thoughts[3].End.ShouldBe(ThoughtEnd.Budget);
        session.Thoughts[4].End.ShouldBe(ThoughtEnd.Budget);
        session.Ledger.GeneratedTokens.ShouldBe(7);
    }
}
