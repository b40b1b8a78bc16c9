using Ponder.Reasoning.Sessions;
using Ponder.Reasoning.Strategies;
using Ponder.Reasoning.Tests.Scripted;

namespace Ponder.Reasoning.Tests.Strategies;

public sealed class EarlyRejectionTests
{
    // Steps end with a line feed; the reward is the last digit that was drawn, in tenths.
    private static SolveSettings Settings => new()
    {
        StepDelimiter = "\n",
        Reward = new ScriptedReward(text => (text.LastOrDefault(char.IsAsciiDigit, '0') - '0') / 10.0),
    };

    [Fact]
    public async Task All_draw_a_step_and_the_best_part_of_them_finishes()
    {
        var policy = ScriptedPolicy.OfAnswers("a 3\nb c = 4", "a 8\nb c = 2", "a 9\nb c = 1", "a 2\nb c = 9");
        using var session = ScriptedSession.Open(policy, Settings);

        var choice = await new EarlyRejection(4, keep: 0.5, rounds: 1).SolveAsync(session);

        // Steps of 2 tokens: 0.3, 0.8, 0.9, 0.2. 2 and 3 go on, 5 tokens each, and end with 0.2 and 0.1.
        choice.Thought!.Number.ShouldBe(2);
        session.Thoughts.Skip(1).Select(thought => thought.GeneratedTokens).ShouldBe([2, 7, 7, 2]);
        policy.Drawn.ShouldBe(18);                              // of 28
    }

    [Fact]
    public async Task A_partial_step_is_scored_and_only_survivors_complete_it()
    {
        var policy = ScriptedPolicy.OfAnswers("a 3 a a\nb = 4", "a 8 a a\nb = 2", "5\nb = 1");
        using var session = ScriptedSession.Open(policy, Settings);

        var choice = await new EarlyRejection(3, keep: 0.6, rounds: 1, tokens: 2).SolveAsync(session);

        // After 2 tokens, or the end of the step: 0.3, 0.8, 0.5. 2 and 3 stay, 2 completes its step; both end, with 0.2 and 0.1.
        choice.Thought!.Number.ShouldBe(2);
        session.Ledger.Steps.Select(step => (step.Name, step.GeneratedTokens)).ShouldBe(
            [("step", 5), ("score", 0), ("step", 2), ("sample", 8), ("score", 0)]);
        session.Thoughts.Skip(1).Select(thought => thought.GeneratedTokens).ShouldBe([2, 8, 5]);
    }

    [Fact]
    public async Task Survivors_fork_until_there_are_as_many_as_before()
    {
        // By the number of the thought, for the first step and for the rest.
        string[] script = ["a 1\n", "a 6\n", "a 7\n", "a 2\n", "a 3\n", "= 1", "= 2", "= 3", "= 9", "= 5"];
        var policy = new ScriptedPolicy(state => ScriptedPolicy.Words(script[(int)state.Key - 1]));
        using var session = ScriptedSession.Open(policy, Settings);

        var choice = await new EarlyRejection(5, keep: 0.4, rounds: 1, replicate: true).SolveAsync(session);

        // 3 (0.7) and 2 (0.6) are kept; the better one gets three forks, 6 to 8, the other two, 9 and 10.
        session.Thoughts.Skip(6).Select(thought => thought.Parent!.Number).ShouldBe([3, 3, 3, 2, 2]);
        choice.Thought!.Number.ShouldBe(9);
        choice.Thought.Text.ShouldBe("a 6\n= 9");
        policy.OpenBranches.ShouldBe(1);                        // the root
        policy.Drawn.ShouldBe((5 * 2) + (5 * 3));
        session.Ledger.Samples.ShouldBe(5);
    }

    [Fact]
    public async Task Rounds_reject_step_after_step()
    {
        var policy = ScriptedPolicy.OfAnswers("1\n9\n= 9", "6\n2\n= 8", "7\n3\n= 7", "8\n1\n= 6");
        using var session = ScriptedSession.Open(policy, Settings);

        // 8, 7 and 6 are kept of four (0.6 * 4, rounded up), of their second steps 3 and 2.
        var choice = await new EarlyRejection(4, keep: 0.6, rounds: 2).SolveAsync(session);

        choice.Thought!.Number.ShouldBe(2);
        session.Thoughts.Skip(1).Select(thought => thought.GeneratedTokens).ShouldBe([1, 5, 5, 2]);
    }

    [Theory]
    [InlineData(64, 0.25, 16)]
    [InlineData(30, 0.1, 3)]
    [InlineData(5, 0.5, 3)]
    [InlineData(7, 0.001, 1)]
    [InlineData(7, 1, 7)]
    [InlineData(0, 0.5, 0)]
    public void A_part_is_rounded_up_and_never_nothing(int count, double part, int kept) => Selection.KeptOf(count, part).ShouldBe(kept);
}
