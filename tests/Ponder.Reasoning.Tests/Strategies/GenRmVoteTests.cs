using Ponder.Reasoning.Budgets;
using Ponder.Reasoning.Sessions;
using Ponder.Reasoning.Strategies;
using Ponder.Reasoning.Tests.Scripted;

namespace Ponder.Reasoning.Tests.Strategies;

public sealed class GenRmVoteTests
{
    // Answers are 1, 1, 1, 2; a judge says yes of 2, and of 1 in one verdict of four.
    private static ScriptedPolicy Policy() => new(state => ScriptedPolicy.Words(
        !state.Prompt.Contains("Solution:", StringComparison.Ordinal) ? state.Key == 4 ? "= 2" : "= 1"
        : state.Prompt.Contains("= 2", StringComparison.Ordinal) || state.Key % 4 == 1 ? "Verdict: Yes" : "Verdict: No"));

    [Fact]
    public async Task The_mean_of_the_verdicts_is_the_weight()
    {
        var policy = Policy();
        using (var session = ScriptedSession.Open(policy))
        {
            var choice = await new GenRmVote(samples: 4, verifications: 4).SolveAsync(session);

            choice.Thought!.Answer.ShouldBe("2");               // 1 against 3 times 1/4
            choice.Confidence!.Value.ShouldBe(1 / 1.75, 1e-12);
            session.Thoughts[1].Reward.ShouldBe(0.25);
            session.Ledger.Samples.ShouldBe(4);
            session.Ledger.GeneratedTokens.ShouldBe((4 * 3) + (16 * 3));
            session.Ledger.Steps.Select(step => step.Name).ShouldBe(["sample", "judge"]);
            session.Ledger.RewardTokens.ShouldBe(0);
        }
        policy.OpenBranches.ShouldBe(0);
    }

    [Fact]
    public async Task Without_verifications_it_is_self_consistency()
    {
        using var session = ScriptedSession.Open(Policy());
        var choice = await new GenRmVote(samples: 4, verifications: 0).SolveAsync(session);
        (choice.Thought!.Answer, choice.Confidence).ShouldBe(("1", 0.75));
    }

    [Theory]
    [InlineData(1, 1, 0)]
    [InlineData(3, 3, 0)]                                       // 3^0.57 = 1.87, two solutions, and half a verdict on each
    [InlineData(4, 2, 1)]                                       // 4^0.57 = 2.20
    [InlineData(16, 5, 2)]                                      // 16^0.57 = 4.86, 16/5 - 1 = 2.2
    [InlineData(96, 13, 6)]                                     // 96^0.57 = 13.5, 96/13 - 1 = 6.4
    [InlineData(1e12, 556, 116)]                                // no more than for 65,536
    public void The_budget_is_split_by_the_papers_exponents(double budget, int solutions, int verifications) =>
        GenRmVote.Split(budget, lambda: 1).ShouldBe((solutions, verifications));

    [Fact]
    public void Dearer_verifications_are_fewer() => GenRmVote.Split(96, lambda: 2).ShouldBe((13, 3));

    [Fact]
    public async Task The_automatic_split_measures_the_budget_by_the_first_solution()
    {
        // 48 tokens are 16 solutions of 3: 5 solutions, 2 verdicts on each, 5 * 3 + 10 * 3 = 45 tokens.
        using var session = ScriptedSession.Open(Policy(), new SolveSettings { Budget = new Budget { Tokens = 48 } });
        await new GenRmVote(isAuto: true).SolveAsync(session);
        session.Ledger.Samples.ShouldBe(5);
        session.Ledger.GeneratedTokens.ShouldBe(45);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(14)]
    [InlineData(23)]
    public async Task The_budget_is_kept_to_the_token(int tokens)
    {
        var policy = Policy();
        using var session = ScriptedSession.Open(policy, new SolveSettings { MaxTokens = 4, Budget = new Budget { Tokens = tokens } });
        await new GenRmVote(samples: 4, verifications: 4).SolveAsync(session);
        policy.Drawn.ShouldBe(tokens);
    }

    [Fact]
    public async Task Cancellation_ends_it_within_a_step()
    {
        using var stop = new CancellationTokenSource();
        var policy = new ScriptedPolicy(_ => ScriptedPolicy.Words("= 1")) { BeforeStep = step => { if (step == 4) stop.Cancel(); } };
        using (var session = ScriptedSession.Open(policy, stop: stop.Token))
            await Should.ThrowAsync<OperationCanceledException>(() => new GenRmVote(2, 2).SolveAsync(session));
        policy.Drawn.ShouldBe((3 * 2) + 4);                     // in the second step of the verdicts
        policy.OpenBranches.ShouldBe(0);
    }
}
