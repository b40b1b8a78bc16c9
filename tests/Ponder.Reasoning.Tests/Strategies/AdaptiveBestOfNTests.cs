using Ponder.Reasoning.Sessions;
using Ponder.Reasoning.Strategies;
using Ponder.Reasoning.Tests.Scripted;

namespace Ponder.Reasoning.Tests.Strategies;

public sealed class AdaptiveBestOfNTests
{
    private readonly List<double> _temperatures = [];

    [Fact]
    public async Task No_more_is_drawn_once_the_policy_is_content()
    {
        var policy = Policy("?7 = 1", "?3 = 2", "?1 = 3");
        using var session = ScriptedSession.Open(policy);

        var choice = await new AdaptiveBestOfN(16, threshold: 0.5).SolveAsync(session);

        // The first would be done over with 0.7, the second with 0.3.
        choice.Thought!.Number.ShouldBe(2);
        choice.Confidence!.Value.ShouldBe(0.7, 1e-12);
        session.Ledger.Samples.ShouldBe(2);
        policy.Drawn.ShouldBe(8);                               // of 64 with sixteen such samples
        _temperatures.ShouldBe([0, 0.5]);
        policy.OpenBranches.ShouldBe(1);                        // the root
    }

    [Fact]
    public async Task Rounds_double_and_the_worse_half_of_each_is_given_up()
    {
        var policy = Policy("?9 a = 1", "?8 a = 2", "?6 a = 3", "?7 a = 4", "?9 a = 5", "?3 a = 6", "?8 a = 7");
        using var session = ScriptedSession.Open(policy);

        var choice = await new AdaptiveBestOfN(7, threshold: 0.1, pruneAt: 2, keep: 0.5).SolveAsync(session);

        // Rounds of 1, 1, 2 and 3: 4 is given up for 3, of the last 5; 6 is the best.
        choice.Thought!.Number.ShouldBe(6);
        session.Thoughts.Skip(1).Select(thought => thought.GeneratedTokens).ShouldBe([5, 5, 5, 2, 2, 5, 5]);
        session.Thoughts[4].End.ShouldBe(ThoughtEnd.Rejected);
        _temperatures.ShouldBe([0, 0.5, 0.75, 0.75, 0.75, 0.9375, 0.9375, 0.9375, 0.9375, 0.9375]);
    }

    [Fact]
    public async Task A_policy_that_can_say_neither_yes_nor_no_counts_as_undecided()
    {
        var policy = new ScriptedPolicy(_ => ScriptedPolicy.Words("= 1")) { Choice = (_, _) => 0 };
        using var session = ScriptedSession.Open(policy);
        (await new AdaptiveBestOfN(3, threshold: 0.5).SolveAsync(session)).Confidence.ShouldBe(0.5);
        session.Ledger.Samples.ShouldBe(1);
    }

    // Would do a text over with as many tenths as stand behind its '?'; two thirds of its probability goes to other words than yes and no.
    private ScriptedPolicy Policy(params string[] answers) => new(state =>
    {
        _temperatures.Add(state.Temperature);
        return ScriptedPolicy.Rest(answers[(int)state.Key - 1], state.Text);
    })
    {
        Choice = (state, choice) =>
        {
            state.Text.ShouldEndWith(AdaptiveBestOfN.Question);
            double better = (state.Text[state.Text.IndexOf('?') + 1] - '0') / 10.0;
            return (choice == " yes" ? better : 1 - better) / 3;
        },
    };
}
