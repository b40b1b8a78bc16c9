using Ponder.Reasoning.Budgets;
using Ponder.Reasoning.Policies;
using Ponder.Reasoning.Rewards;
using Ponder.Reasoning.Sessions;
using Ponder.Reasoning.Tests.Scripted;

namespace Ponder.Reasoning.Tests.Rewards;

public sealed class JudgeTests
{
    private static readonly string[] Answers = ["= 1", "= 2"];

    private static bool IsCase(ScriptedState state) => state.Prompt.Contains("Solution:", StringComparison.Ordinal);

    // Answers are 1 and 2; a judge replies to the case of 2 as told, by the number of its reply, and No to that of 1.
    private static ScriptedPolicy Policy(params string[] replies)
    {
        int next = 0;
        return new ScriptedPolicy(state => ScriptedPolicy.Words(
            !IsCase(state) ? Answers[(int)state.Key - 1] : state.Prompt.Contains("= 2", StringComparison.Ordinal) ? replies[next++ % replies.Length] : "No"))
        {
            Choice = (state, reply) => (reply.Trim(), (state.Prompt + state.Text).Contains("= 2", StringComparison.Ordinal)) switch
            {
                ("Yes", true) => 0.6,
                ("No", true) => 0.2,
                ("Yes", false) => 0.1,
                _ => 0.4,
            },
        };
    }

    private static async Task<IReadOnlyList<Thought>> ScoreAsync(SolveSession session)
    {
        var thoughts = await session.SampleAsync(2);
        await session.ScoreAsync(thoughts);
        return thoughts;
    }

    [Fact]
    public async Task A_direct_verdict_is_the_probability_of_yes_against_no()
    {
        var policy = Policy();
        using (var session = ScriptedSession.Open(policy, new SolveSettings { Reward = new GenerativeJudge() }))
        {
            var thoughts = await ScoreAsync(session);

            thoughts[0].Reward!.Value.ShouldBe(0.2, 1e-12);     // 0.1 / 0.5
            thoughts[1].Reward!.Value.ShouldBe(0.75, 1e-12);    // 0.6 / 0.8
            session.Ledger.GeneratedTokens.ShouldBe(6);         // a verdict draws no token
            session.Ledger.RewardTokens.ShouldBe(0);
            session.Thoughts.Count(thought => thought.IsAnswer).ShouldBe(3);
            session.Thoughts[^1].Prompt.Text.ShouldBe("Question:\nWhat is it?\n\nSolution:\n= 2\n\nIs the answer correct (Yes/No)?\n\n");
        }
        policy.OpenBranches.ShouldBe(0);
    }

    [Fact]
    public async Task Given_tokens_of_judges_stand_in_one_entry_of_the_ledger()
    {
        using var session = ScriptedSession.Open(Policy(), new SolveSettings { Reward = new GenerativeJudge() });
        await ScoreAsync(session);
        session.Ledger.Steps.Sum(step => step.PromptTokens).ShouldBe(session.Ledger.PromptTokens - 3);     // the problem's own was given before the first step
    }

    [Fact]
    public async Task Without_probabilities_short_replies_are_counted()
    {
        // Of the case of 2: yes, no, nothing, yes: 2 of the 3 that say something.
        var policy = Policy("Yes", "No, it is not", "Hm", "**Yes**");
        using var session = ScriptedSession.Open(new PlainPolicy(policy), new SolveSettings { Reward = new GenerativeJudge(votes: 4) });
        var thoughts = await ScoreAsync(session);
        thoughts[0].Reward.ShouldBe(0);
        thoughts[1].Reward!.Value.ShouldBe(2 / 3.0, 1e-12);
    }

    [Fact]
    public async Task Checks_in_words_count_by_their_last_verdict_and_draw_on_the_budget()
    {
        var policy = Policy(
            "No step is wrong. Verdict: Yes", "Yes at first, but Verdict: No", "Is the answer correct (Yes/No)? Yes", "Is the answer correct (Yes/No)?");
        using (var session = ScriptedSession.Open(policy, new SolveSettings { Reward = new GenerativeJudge(JudgeForm.ChainOfThought, votes: 4) }))
        {
            var thoughts = await ScoreAsync(session);

            thoughts[1].Reward!.Value.ShouldBe(2 / 3.0, 1e-12);
            thoughts[1].StepRewards.Count.ShouldBe(1);
            session.Ledger.GeneratedTokens.ShouldBe(policy.Drawn);
            policy.Drawn.ShouldBe(6 + (4 * 2) + 7 + 7 + 7 + 6);
            session.Ledger.Samples.ShouldBe(2);
        }
        policy.OpenBranches.ShouldBe(0);
    }

    [Fact]
    public async Task Another_judge_is_paid_in_reward_tokens()
    {
        var policy = Policy();
        var other = Policy("Yes");
        var reward = new GenerativeJudge(JudgeForm.ChainOfThought, votes: 2, judge: other);
        using (var session = ScriptedSession.Open(policy, new SolveSettings { Reward = reward, Budget = new Budget { Tokens = 6 } }))
        {
            var thoughts = await ScoreAsync(session);

            thoughts.Select(thought => thought.Reward).ShouldBe([0, 1]);
            policy.Drawn.ShouldBe(6);
            session.Ledger.GeneratedTokens.ShouldBe(6);
            other.Drawn.ShouldBe(8);
            int given = 2 * ScriptedPolicy.Words(other.Prompts[0]).Count();
            session.Ledger.RewardTokens.ShouldBe(8 + given);
            session.Ledger.Steps[^1].RewardTokens.ShouldBe(8 + given);
        }
        (policy.OpenBranches, other.OpenBranches).ShouldBe((0, 0));
    }

    [Fact]
    public async Task A_chat_client_judges_by_its_texts()
    {
        using var client = new FakeChatClient(request => FakeChatClient.Reply(request.Last.Contains("= 2", StringComparison.Ordinal) ? "Yes." : "No.", tokens: 2));
        var settings = new SolveSettings { Reward = new GenerativeJudge(votes: 3, judge: new ChatPolicy(client)) };
        using var session = ScriptedSession.Open(Policy(), settings);

        var thoughts = await ScoreAsync(session);

        thoughts.Select(thought => thought.Reward).ShouldBe([0, 1]);
        client.Requests.Count.ShouldBe(6);
        client.Requests.ShouldAllBe(request => request.Options.MaxOutputTokens == 8);
        session.Ledger.RewardTokens.ShouldBe(6 * (10 + 2));
        session.Ledger.GeneratedTokens.ShouldBe(6);             // the answers' own
    }

    [Fact]
    public async Task A_thought_that_did_not_grow_is_not_judged_again()
    {
        var policy = Policy("Yes");
        using var session = ScriptedSession.Open(policy, new SolveSettings { Reward = new GenerativeJudge(JudgeForm.ChainOfThought, votes: 1) });
        var thoughts = await ScoreAsync(session);
        long drawn = policy.Drawn;
        await session.ScoreAsync(thoughts);
        policy.Drawn.ShouldBe(drawn);
        thoughts[1].Reward.ShouldBe(1);
    }

    [Fact]
    public async Task A_budget_that_ends_has_heard_every_case_about_as_often()
    {
        // 6 tokens for the answers, 2 for each verdict: 3 verdicts and a half.
        var policy = Policy("Yes");
        var settings = new SolveSettings
        {
            Reward = new GenerativeJudge(JudgeForm.ChainOfThought, votes: 3),
            MaxTokens = 3,
            Budget = new Budget { Tokens = 13 },
        };
        using var session = ScriptedSession.Open(policy, settings);
        var thoughts = await ScoreAsync(session);
        policy.Drawn.ShouldBe(13);
        thoughts.Select(thought => thought.Reward).ShouldBe([0, 1]);
    }

    [Fact]
    public async Task A_judge_that_says_nothing_gives_no_reward_and_it_is_noted()
    {
        using var session = ScriptedSession.Open(Policy("Hm"), new SolveSettings { Reward = new GenerativeJudge(JudgeForm.ChainOfThought, votes: 2) });
        (await ScoreAsync(session))[1].Reward.ShouldBeNull();
        session.Notes.ShouldHaveSingleItem().ShouldContain("genrm-cot");
    }

    [Fact]
    public async Task Scores_from_1_to_10_are_averaged()
    {
        // 8 and 5 count; 11 is out of range, "fine" is no score.
        var policy = Policy("Score: 3, no, Score: 8", "**Score:** 5/10", "Score: 11", "fine");
        using var session = ScriptedSession.Open(policy, new SolveSettings { Reward = new SpctJudge(votes: 4) });
        var thoughts = await ScoreAsync(session);
        thoughts[1].Reward.ShouldBe(6.5);
        thoughts[0].Reward.ShouldBeNull();                      // its judge says "No", which is no score
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_thought_evaluates_itself_whether_its_memory_was_kept_or_freed(bool isHeld)
    {
        var policy = Policy();
        using (var session = ScriptedSession.Open(policy, new SolveSettings { Reward = new SelfEvaluation() }))
        {
            var thoughts = await session.SampleAsync(2, new ExtendOptions { Hold = isHeld });
            await session.ScoreAsync(thoughts);

            thoughts[0].Reward!.Value.ShouldBe(0.2, 1e-12);
            thoughts[1].Reward!.Value.ShouldBe(0.75, 1e-12);
            thoughts[1].Text.ShouldBe("= 2");
            session.Ledger.GeneratedTokens.ShouldBe(6);
            policy.OpenBranches.ShouldBe(isHeld ? 3 : 1);
        }
        policy.OpenBranches.ShouldBe(0);
    }

    [Fact]
    public async Task Stop_texts_of_answers_do_not_end_opinions()
    {
        var settings = new SolveSettings { Reward = new GenerativeJudge(JudgeForm.ChainOfThought, votes: 1), Stop = ["step"] };
        using var session = ScriptedSession.Open(Policy("Each step holds: Yes"), settings);
        (await ScoreAsync(session))[1].Reward.ShouldBe(1);
    }

    [Fact]
    public async Task Cancellation_ends_a_judge_within_a_step()
    {
        using var stop = new CancellationTokenSource();
        var policy = new ScriptedPolicy(_ => ScriptedPolicy.Words("= 1")) { BeforeStep = step => { if (step == 4) stop.Cancel(); } };
        using (var session = ScriptedSession.Open(policy, new SolveSettings { Reward = new SpctJudge(votes: 2) }, stop: stop.Token))
            await Should.ThrowAsync<OperationCanceledException>(() => ScoreAsync(session));
        policy.Drawn.ShouldBe((3 * 2) + 4);
        policy.OpenBranches.ShouldBe(0);
    }

    /// <summary>A policy that tells no probabilities.</summary>
    private sealed class PlainPolicy(IPolicy inner) : IPolicy
    {
        public string Name => inner.Name;

        public PolicyFeatures Features => PolicyFeatures.None;

        public IPolicySession Open() => inner.Open();
    }
}
