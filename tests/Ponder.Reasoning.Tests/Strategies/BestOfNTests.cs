using Ponder.Reasoning.Budgets;
using Ponder.Reasoning.Sessions;
using Ponder.Reasoning.Strategies;
using Ponder.Reasoning.Tests.Scripted;

namespace Ponder.Reasoning.Tests.Strategies;

public sealed class BestOfNTests
{
    // The reward of an answer is the number behind its '#'.
    private static readonly ScriptedReward BehindHash = new(text => double.Parse(text[(text.IndexOf('#') + 1)..text.IndexOf(' ')]));

    [Theory]
    [InlineData(null, 0.7)]
    [InlineData(0.0, 0.0)]
    public async Task A_single_answer_is_drawn_at_its_temperature_or_the_settings(double? temperature, double expected)
    {
        var temperatures = new List<double>();
        var policy = new ScriptedPolicy(state =>
        {
            temperatures.Add(state.Temperature);
            return ScriptedPolicy.Words("= 4");
        });
        using var session = ScriptedSession.Open(policy, new SolveSettings { Sampling = new() { Temperature = 0.7 } });

        var choice = await new SingleAnswer(temperature).SolveAsync(session);

        choice.Thought!.Answer.ShouldBe("4");
        choice.Confidence.ShouldBeNull();
        temperatures.ShouldBe([expected]);
    }

    [Fact]
    public async Task A_single_answer_that_holds_none_is_no_choice()
    {
        using var session = ScriptedSession.Open(ScriptedPolicy.OfAnswers("well"));
        (await new SingleAnswer().SolveAsync(session)).ShouldBe(Choice.None);
    }

    [Fact]
    public void The_temperature_of_a_single_answer_can_be_named_or_left_to_the_settings()
    {
        StrategyTable.Create("single").ShouldBeOfType<SingleAnswer>();
        StrategyTable.Create("single", new Dictionary<string, string> { ["temperature"] = "settings" }).ShouldBeOfType<SingleAnswer>();
        StrategyTable.Create("single", new Dictionary<string, string> { ["temperature"] = "0.2" }).ShouldBeOfType<SingleAnswer>();
        Should.Throw<StrategyException>(() => StrategyTable.Create("single", new Dictionary<string, string> { ["temperature"] = "warm" }))
            .Message.ShouldContain("temperature");
    }

    [Fact]
    public async Task The_sample_with_the_highest_reward_wins_of_several_the_first()
    {
        var policy = ScriptedPolicy.OfAnswers("#0.2 = 1", "#0.9 = 2", "#0.9 = 3", "#0.5 none");
        using var session = ScriptedSession.Open(policy, new SolveSettings { Reward = BehindHash });

        var choice = await new BestOfN(4).SolveAsync(session);

        choice.Thought!.Number.ShouldBe(2);
        choice.Confidence.ShouldBe(0.9);
        session.Thoughts[4].Reward.ShouldBeNull();              // without an answer there is nothing to score
    }

    [Fact]
    public async Task What_could_not_be_scored_wins_only_when_nothing_could()
    {
        // 7 is out of the reward's range, 0 to 1.
        using var one = ScriptedSession.Open(ScriptedPolicy.OfAnswers("#7 = 1", "#0 = 2"), new SolveSettings { Reward = BehindHash });
        (await new BestOfN(2).SolveAsync(one)).Thought!.Number.ShouldBe(2);
        one.Notes.ShouldHaveSingleItem().ShouldContain("0 to 1");

        using var none = ScriptedSession.Open(ScriptedPolicy.OfAnswers("#7 = 1", "#8 = 2"), new SolveSettings { Reward = BehindHash });
        (await new BestOfN(2).SolveAsync(none)).ShouldBe(new Choice(none.Thoughts[1], null));
    }

    [Fact]
    public async Task The_answer_with_the_greatest_sum_of_rewards_wins()
    {
        // 1: 0.4 + 0.3 = 0.7; 2: 0.6; 3: 0.1. Of all weights, 1.4, the winner has half; its heaviest sample stands for it.
        var policy = ScriptedPolicy.OfAnswers("#0.3 = 1", "#0.6 = 2", "#0.4 = 1", "#0.1 = 3", "#9 = 3");
        using var session = ScriptedSession.Open(policy, new SolveSettings { Reward = BehindHash });

        var choice = await new WeightedBestOfN(5).SolveAsync(session);

        choice.Thought!.Number.ShouldBe(3);
        choice.Confidence!.Value.ShouldBe(0.5, 1e-12);
    }

    [Theory]
    [InlineData(-1.0)]
    [InlineData(double.NegativeInfinity)]
    public async Task Rewards_below_zero_make_weights_that_are_not(double low)
    {
        // Counted from -1: answer 1 has 0.5 + 0.4, answer 2 has 0.8. As logarithms: exp(-0.5) + exp(-0.6) = 1.16, exp(-0.2) = 0.82.
        var reward = new ScriptedReward(text => double.Parse(text[1..text.IndexOf(' ')])) { Range = (low, 0) };
        using var session = ScriptedSession.Open(ScriptedPolicy.OfAnswers("#-0.5 = 1", "#-0.2 = 2", "#-0.6 = 1"), new SolveSettings { Reward = reward });
        (await new WeightedBestOfN(3).SolveAsync(session)).Thought!.Answer.ShouldBe("1");
    }

    [Fact]
    public async Task Without_a_single_score_a_weighted_vote_is_a_plain_one()
    {
        using var session = ScriptedSession.Open(ScriptedPolicy.OfAnswers("#7 = 1", "#7 = 2", "#8 = 2"), new SolveSettings { Reward = BehindHash });
        (await new WeightedBestOfN(3).SolveAsync(session)).Thought!.Answer.ShouldBe("2");
    }

    [Fact]
    public async Task A_sample_that_the_budget_cut_is_neither_scored_nor_chosen()
    {
        var settings = new SolveSettings { Reward = BehindHash, Budget = new Budget { Tokens = 5 }, MaxTokens = 4 };
        using var session = ScriptedSession.Open(ScriptedPolicy.OfAnswers("#0.1 = 1", "#0.9 = 2"), settings);

        (await new BestOfN(2).SolveAsync(session)).Thought!.Number.ShouldBe(1);

        session.Thoughts[2].End.ShouldBe(ThoughtEnd.Budget);
        session.Ledger.GeneratedTokens.ShouldBe(5);
    }
}
