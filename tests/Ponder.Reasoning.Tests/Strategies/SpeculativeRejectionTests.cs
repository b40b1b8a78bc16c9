using Ponder.Reasoning.Sessions;
using Ponder.Reasoning.Strategies;
using Ponder.Reasoning.Tests.Scripted;

namespace Ponder.Reasoning.Tests.Strategies;

public sealed class SpeculativeRejectionTests
{
    // The reward of a text is the part of its words that are good.
    private static ScriptedReward Good() => new(text => text.Split(' ').Count(word => word == "good") / (double)Math.Max(1, text.Split(' ').Length - 1));

    [Fact]
    public async Task Half_is_given_up_at_every_doubling_of_the_length()
    {
        var policy = ScriptedPolicy.OfAnswers(
            "bad good good good good good good = 1",
            "good good good bad good bad good = 2",
            "bad bad good good good good good = 3",
            "good good good good good good bad = 4");
        var reward = Good();
        using var session = ScriptedSession.Open(policy, new SolveSettings { Reward = reward });

        var choice = await new SpeculativeRejection(4, 0.5, first: 2).SolveAsync(session);

        // At 2 tokens: 1/2, 1, 0, 1: 1 and 3 go. At 4: 3/4 and 1: 2 goes. 4 is alone and goes to its end, 7 + 2 + 1 tokens.
        choice.Thought!.Number.ShouldBe(4);
        session.Thoughts.Skip(1).Select(thought => thought.GeneratedTokens).ShouldBe([2, 4, 2, 10]);
        session.Thoughts.Skip(1).Select(thought => thought.End).ShouldBe(
            [ThoughtEnd.Rejected, ThoughtEnd.Rejected, ThoughtEnd.Rejected, ThoughtEnd.Finished]);
        policy.Drawn.ShouldBe(18);                              // of 40
        reward.Scored.ShouldBe(4 + 2 + 1);
        session.Ledger.Steps.Select(step => step.SequentialTokens).ShouldBe([2, 0, 2, 0, 6, 0]);
    }

    [Fact]
    public async Task What_finished_before_is_among_those_to_choose_from()
    {
        // 1 ends before the first rejection, with 1/2 of its words good; of 2 and 3 the better one ends with 2/5.
        using var session = ScriptedSession.Open(
            ScriptedPolicy.OfAnswers("good = 1", "bad good bad good = 2", "bad bad bad bad = 3"), new SolveSettings { Reward = Good() });

        (await new SpeculativeRejection(3, 0.5, first: 4).SolveAsync(session)).Thought!.Number.ShouldBe(1);

        session.Thoughts[3].End.ShouldBe(ThoughtEnd.Rejected);
    }

    [Fact]
    public async Task Nothing_is_rejected_when_all_are_short()
    {
        var policy = ScriptedPolicy.OfAnswers("good = 1", "bad = 2");
        using var session = ScriptedSession.Open(policy, new SolveSettings { Reward = Good() });
        (await new SpeculativeRejection(2).SolveAsync(session)).Thought!.Number.ShouldBe(1);
        policy.Drawn.ShouldBe(8);
    }
}
