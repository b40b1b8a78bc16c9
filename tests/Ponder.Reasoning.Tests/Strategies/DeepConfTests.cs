using Ponder.Reasoning.Budgets;
using Ponder.Reasoning.Policies;
using Ponder.Reasoning.Sessions;
using Ponder.Reasoning.Strategies;
using Ponder.Reasoning.Tests.Scripted;

namespace Ponder.Reasoning.Tests.Strategies;

public sealed class DeepConfTests
{
    // Answers with the confidence of each token. In groups of two their lowest means are 4, 3, 2, 1 | 1, 4 | 20, 20 | …
    private static readonly (int Answer, int[] Confidence)[] Answers =
    [
        (1, [4, 4, 4, 4]), (1, [3, 3, 3, 3]), (2, [4, 2, 2, 4]), (2, [1, 1, 4, 4]),
        (2, [5, 5, 1, 1, 9, 9, 9, 9]), (1, [4, 4, 4, 4]),
        (1, [20, 20, 20]), (1, [20, 20, 20]),
        (2, [9, 9]), (2, [9, 9]),
    ];

    [Fact]
    public async Task Online_it_stops_what_sinks_and_ends_with_consensus()
    {
        // The warm-up's lowest are 4 3 2 1: the tenth percentile is 1.3, and the fourth does not vote. 7 of 9 is no consensus.
        // The fifth comes to 5, 3 and then 1, and is stopped behind its fourth token; the sixth makes it 11 of 13. The next two make it 51 of 53.
        var policy = Policy();
        using var session = ScriptedSession.Open(policy);
        var choice = await new DeepConf(new DeepConfOptions { Samples = 10, WarmUp = 4, Window = 2, Round = 2 }).SolveAsync(session);

        choice.Thought!.Answer.ShouldBe("1");
        choice.Confidence!.Value.ShouldBe(51 / 53.0, 1e-9);
        session.Thoughts[5].End.ShouldBe(ThoughtEnd.Rejected);
        session.Thoughts[5].GeneratedTokens.ShouldBe(4);
        session.Ledger.Samples.ShouldBe(8);
        policy.Drawn.ShouldBe(4 * 5 + 4 + 5 + 2 * 4);
        session.Notes.ShouldBeEmpty();
    }

    [Fact]
    public async Task Keeping_few_sets_a_high_threshold()
    {
        // The ninetieth percentile of 4 3 2 1 is 3.7: only the first votes, and that is consensus.
        using var session = ScriptedSession.Open(Policy());
        var choice = await new DeepConf(new DeepConfOptions { Samples = 10, WarmUp = 4, Window = 2, Round = 2, Keep = 0.1 }).SolveAsync(session);
        choice.Thought!.Number.ShouldBe(1);
        choice.Confidence.ShouldBe(1);
        session.Ledger.Samples.ShouldBe(4);
    }

    [Fact]
    public async Task Offline_all_are_drawn_and_the_least_confident_do_not_vote()
    {
        // The lowest are 4 3 2 1 1 4: the tenth percentile is 1, and all vote: 11 against 4.
        var policy = Policy();
        using (var session = ScriptedSession.Open(policy))
        {
            var choice = await new DeepConf(new DeepConfOptions { Samples = 6, Online = false, Window = 2 }).SolveAsync(session);
            choice.Confidence!.Value.ShouldBe(11 / 15.0, 1e-9);
        }
        policy.Drawn.ShouldBe(4 * 5 + 9 + 5);
        // The ninetieth is 4: the first and the last.
        using (var session = ScriptedSession.Open(Policy()))
            (await new DeepConf(new DeepConfOptions { Samples = 6, Online = false, Window = 2, Keep = 0.1 }).SolveAsync(session)).Confidence.ShouldBe(1);
    }

    [Fact]
    public async Task Short_answers_have_short_groups_and_the_user_is_told()
    {
        // Five tokens with the end: a quarter of them is 1, and the lowest of the third is 2, of the fourth 1.
        using var session = ScriptedSession.Open(Policy());
        await new DeepConf(new DeepConfOptions { Samples = 4, Online = false }).SolveAsync(session);
        session.Notes.ShouldHaveSingleItem().ShouldContain("it is 1 here");
    }

    [Fact]
    public async Task Without_confidence_each_counts_once()
    {
        using var session = ScriptedSession.Open(ScriptedPolicy.OfAnswers("= 1", "= 2", "= 2"));
        var choice = await new DeepConf(new DeepConfOptions { Samples = 3, WarmUp = 3, Window = 2 }).SolveAsync(session);
        choice.Confidence.ShouldBe(2 / 3.0);
        session.Notes.ShouldHaveSingleItem().ShouldContain("no confidence");
    }

    [Fact]
    public async Task The_budget_is_kept_to_the_token()
    {
        var policy = Policy();
        using var session = ScriptedSession.Open(policy, new SolveSettings { Budget = new Budget { Tokens = 26 }, MaxTokens = 9 });
        var choice = await new DeepConf(new DeepConfOptions { Samples = 10, WarmUp = 4, Window = 2, Round = 2 }).SolveAsync(session);
        policy.Drawn.ShouldBe(26);
        choice.Thought!.Answer.ShouldBe("1");
    }

    [Fact]
    public async Task Cancellation_leaves_no_branch_open()
    {
        using var stop = new CancellationTokenSource();
        var policy = new ScriptedPolicy(Script) { BeforeStep = step => { if (step == 7) stop.Cancel(); } };     // within the second round
        using (var session = ScriptedSession.Open(policy, stop: stop.Token))
        {
            var strategy = new DeepConf(new DeepConfOptions { Samples = 10, WarmUp = 4, Window = 2, Round = 2 });
            await Should.ThrowAsync<OperationCanceledException>(() => strategy.SolveAsync(session));
        }
        policy.Drawn.ShouldBe(4 * 5 + 2 * 2);
        policy.OpenBranches.ShouldBe(0);
    }

    [Fact]
    public void A_group_slides_along_the_tokens()
    {
        // Groups of three: 4, 3, 3, 5; the lowest is 3. Of two tokens it is their mean.
        GroupConfidence.Of(Tokens([6, 3, 3, 3, 9]), 3).ShouldBe(3);
        GroupConfidence.Of(Tokens([6, 3]), 3).ShouldBe(4.5);
        GroupConfidence.Of([], 3).ShouldBe(double.NaN);
        var watch = new GroupConfidence(2);
        Tokens([1, 9, 4, 4, 3]).Select(token => watch.Add(token, 4)).ShouldBe([false, false, false, false, true]);
    }

    [Fact]
    public void The_row_makes_it_from_text() => StrategyTable.Create(
        "deepconf", new Dictionary<string, string> { ["mode"] = "offline", ["keep"] = "low", ["consensus"] = "0.8" }).Needs.ShouldBe(PolicyFeatures.LogProbabilities);

    private static ScriptedPolicy Policy() => new(Script);

    private static IEnumerable<ThoughtToken> Script(ScriptedState state)
    {
        var (answer, confidence) = Answers[(int)state.Key - 1];
        return Tokens(confidence).Select((token, i) => token with { Text = i == confidence.Length - 1 ? $"= {answer}" : "so " });
    }

    private static IEnumerable<ThoughtToken> Tokens(int[] confidence) => confidence.Select(value => new ThoughtToken(1, "") { Confidence = value });
}
