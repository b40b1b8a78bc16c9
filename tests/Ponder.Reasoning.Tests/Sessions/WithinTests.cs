using Ponder.Reasoning.Budgets;
using Ponder.Reasoning.Problems;
using Ponder.Reasoning.Sessions;
using Ponder.Reasoning.Strategies;
using Ponder.Reasoning.Tests.Scripted;

namespace Ponder.Reasoning.Tests.Sessions;

/// <summary>Sessions within sessions.</summary>
public sealed class WithinTests
{
    [Fact]
    public async Task What_is_spent_within_is_spent_of_both_budgets()
    {
        var policy = new ScriptedPolicy(_ => ScriptedPolicy.Words("a b c = 1"));           // five words and the end
        using (var session = ScriptedSession.Open(policy, new SolveSettings { Budget = new Budget { Tokens = 30, Samples = 4 } }))
        {
            using (var part = session.Within(settings: session.Settings with { Budget = new Budget { Tokens = 14 } }))
            {
                part.TokensLeft.ShouldBe(14);
                part.Root.ShouldBe(session.Root);
                var choice = await new Majority(3).SolveAsync(part);
                choice.Thought!.Answer.ShouldBe("1");
                part.TokensLeft.ShouldBe(0);                    // two whole answers, and a third that was cut
                part.CanDraw.ShouldBeFalse();
            }
            session.TokensLeft.ShouldBe(16);
            session.SamplesLeft.ShouldBe(1);
            (await session.SampleAsync(3)).Count.ShouldBe(1);
            session.Ledger.GeneratedTokens.ShouldBe(policy.Drawn);
            session.Ledger.Steps.Sum(step => step.GeneratedTokens).ShouldBe(policy.Drawn);
            session.Ledger.Samples.ShouldBe(4);
            session.Ledger.SequentialTokens.ShouldBe(12);
        }
        policy.OpenBranches.ShouldBe(0);
    }

    [Fact]
    public async Task Another_problem_has_its_own_prompt_and_leaves_no_branch()
    {
        var policy = new ScriptedPolicy(state => ScriptedPolicy.Words(state.Prompt.StartsWith("Part", StringComparison.Ordinal) ? "= 5" : "= 1"));
        using var session = ScriptedSession.Open(policy);
        await session.SampleAsync(1);
        int open = policy.OpenBranches;
        using (var part = session.Within(session.Problem with { Prompt = Prompt.Plain("Part? "), Question = "Part?" }))
        {
            var held = await part.SampleAsync(1, new ExtendOptions { Hold = true });
            held[0].Answer.ShouldBe("5");
        }
        policy.OpenBranches.ShouldBe(open);
        session.Thoughts.Select(thought => thought.Number).ShouldBe([0, 1, 2, 3]);
    }

    [Fact]
    public async Task Another_policy_is_counted_with_the_first()
    {
        var large = new ScriptedPolicy(_ => ScriptedPolicy.Words("= 1"));
        var small = new ScriptedPolicy(_ => ScriptedPolicy.Words("a = 1"));
        using (var session = ScriptedSession.Open(large))
        {
            await session.SampleAsync(1);
            using (var drafts = session.Within(policy: small))
                await drafts.SampleAsync(2);
            session.Ledger.GeneratedTokens.ShouldBe(large.Drawn + small.Drawn);
            session.Ledger.PromptTokens.ShouldBe(6);
        }
        (large.OpenBranches + small.OpenBranches).ShouldBe(0);
    }

    [Fact]
    public async Task A_reward_scores_a_thought_once_for_both()
    {
        var reward = new ScriptedReward(_ => 0.5);
        using var session = ScriptedSession.Open(new ScriptedPolicy(_ => ScriptedPolicy.Words("= 1")), new SolveSettings { Reward = reward });
        using var part = session.Within();
        await part.ScoreAsync(await part.SampleAsync(2));
        session.Thoughts.Where(thought => thought.Parent is not null).ShouldAllBe(thought => thought.Reward == 0.5);
    }
}
