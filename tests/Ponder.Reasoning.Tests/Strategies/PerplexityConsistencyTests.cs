using Ponder.Reasoning.Budgets;
using Ponder.Reasoning.Policies;
using Ponder.Reasoning.Sessions;
using Ponder.Reasoning.Strategies;
using Ponder.Reasoning.Tests.Scripted;

namespace Ponder.Reasoning.Tests.Strategies;

public sealed class PerplexityConsistencyTests
{
    [Fact]
    public async Task Votes_weigh_what_the_policy_held_the_texts_to_be()
    {
        // One token and the end, which the script gives for certain: p = exp(log q / 2) = sqrt(q).
        using var session = ScriptedSession.Open(Policy(("a = 1", 0.04), ("b = 1", 0.04), ("c = 2", 0.64)));
        var choice = await new PerplexityConsistency(3).SolveAsync(session);
        choice.Thought!.Answer.ShouldBe("2");                   // 0.8 against 0.2 + 0.2
        choice.Confidence!.Value.ShouldBe(0.8 / 1.2, 1e-6);
        session.Notes.ShouldHaveSingleItem().ShouldContain("With 3 answers no mixture is fitted");
    }

    [Fact]
    public async Task The_same_text_votes_once()
    {
        using var session = ScriptedSession.Open(Policy(("a = 1", 0.25), ("a = 1", 0.25), ("c = 2", 0.36)));
        var choice = await new PerplexityConsistency(3, prune: false).SolveAsync(session);
        choice.Thought!.Answer.ShouldBe("2");                   // 0.6 against 0.5 once
        choice.Confidence!.Value.ShouldBe(0.6 / 1.1, 1e-6);
        session.Notes.ShouldBeEmpty();
    }

    [Fact]
    public async Task Unlikely_samples_are_dropped_before_the_vote()
    {
        // Twenty unlikely texts say 1, p about 0.2 each, together 4; four likely ones say 2, p about 0.9, together 3.6.
        static (string, double)[] Texts() =>
        [
            .. Enumerable.Range(0, 20).Select(i => ($"{i} = 1", Math.Pow(0.19 + 0.001 * i, 2))),
            .. Enumerable.Range(0, 4).Select(i => ($"{i} = 2", Math.Pow(0.88 + 0.01 * i, 2))),
        ];
        using (var session = ScriptedSession.Open(Policy(Texts())))
            (await new PerplexityConsistency(24, prune: false).SolveAsync(session)).Thought!.Answer.ShouldBe("1");
        using (var session = ScriptedSession.Open(Policy(Texts())))
        {
            var choice = await new PerplexityConsistency(24).SolveAsync(session);
            choice.Thought!.Answer.ShouldBe("2");
            choice.Confidence!.Value.ShouldBe(1, 1e-9);         // none of the others is left
        }
    }

    [Fact]
    public async Task Alike_samples_are_all_kept()
    {
        using var session = ScriptedSession.Open(Policy([.. Enumerable.Range(0, 9).Select(i => ($"{i} = {i % 3 / 2}", 0.5))]));
        var choice = await new PerplexityConsistency(9).SolveAsync(session);
        choice.Thought!.Answer.ShouldBe("0");
        choice.Confidence!.Value.ShouldBe(6 / 9.0, 1e-6);
    }

    [Fact]
    public async Task Without_log_probabilities_each_counts_once_and_the_user_is_told()
    {
        using var session = ScriptedSession.Open(ScriptedPolicy.OfAnswers("= 1", "= 2", "x = 2"));
        (await new PerplexityConsistency(3).SolveAsync(session)).Thought!.Answer.ShouldBe("2");
        session.Notes.ShouldHaveSingleItem().ShouldContain("no log-probabilities");
    }

    [Fact]
    public async Task A_budget_may_leave_nothing_to_weigh()
    {
        var policy = Policy(("a = 1", 0.5), ("a = 1", 0.5));
        using var session = ScriptedSession.Open(policy, new SolveSettings { Budget = new Budget { Tokens = 1 } });
        (await new PerplexityConsistency(2).SolveAsync(session)).ShouldBe(Choice.None);
        policy.Drawn.ShouldBe(1);
    }

    [Fact]
    public async Task Cancellation_leaves_no_branch_open()
    {
        using var stop = new CancellationTokenSource();
        var policy = new ScriptedPolicy(_ => ScriptedPolicy.Words("one two three = 1")) { BeforeStep = step => { if (step == 2) stop.Cancel(); } };
        using (var session = ScriptedSession.Open(policy, stop: stop.Token))
            await Should.ThrowAsync<OperationCanceledException>(() => new PerplexityConsistency(3).SolveAsync(session));
        policy.Drawn.ShouldBe(6);
        policy.OpenBranches.ShouldBe(0);
    }

    // Texts of one token each, with its probability.
    private static ScriptedPolicy Policy(params (string Text, double Probability)[] answers) => new(state =>
    {
        var (text, probability) = answers[(int)state.Key - 1];
        return [new ThoughtToken(1, text) { LogProbability = (float)Math.Log(probability) }];
    });
}
