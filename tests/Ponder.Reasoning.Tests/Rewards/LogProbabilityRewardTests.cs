using Ponder.Reasoning.Policies;
using Ponder.Reasoning.Rewards;
using Ponder.Reasoning.Sessions;
using Ponder.Reasoning.Tests.Scripted;

namespace Ponder.Reasoning.Tests.Rewards;

public sealed class LogProbabilityRewardTests
{
    private static readonly ThoughtToken[] Tokens = [.. new (float LogProbability, float Entropy, float Certainty, float Confidence)[]
    {
        (-0.5f, 1, 2, 4), (-1.5f, 0.5f, 6, 1), (-1, 0, 4, 3), (-3, 0.5f, 8, 6),
    }.Select((t, i) => new ThoughtToken(i, "x ") { LogProbability = t.LogProbability, Entropy = t.Entropy, SelfCertainty = t.Certainty, Confidence = t.Confidence })];

    [Theory]
    [InlineData(LogProbabilityKind.SelfCertainty, 5)]
    [InlineData(LogProbabilityKind.Perplexity, 0.22313016)]     // e^-1.5
    [InlineData(LogProbabilityKind.Entropy, -0.5)]
    [InlineData(LogProbabilityKind.Confidence, 3.5)]            // one group
    public async Task Each_kind_is_what_its_definition_says(LogProbabilityKind kind, double expected)
    {
        var reward = new LogProbabilityReward(kind);
        reward.Of(Tokens).ShouldBe(expected, 1e-6);
        var policy = new ScriptedPolicy(state => Tokens[(state.Text.Length / 2)..]);
        using var session = ScriptedSession.Open(policy, new SolveSettings { Reward = reward });
        var thoughts = session.Fork(session.Root, 1);
        await session.ExtendAsync(thoughts, new ExtendOptions { MaxTokens = 2 });
        var forks = session.Fork(thoughts[0], 1);
        await session.ExtendAsync(forks, new ExtendOptions { MaxTokens = 2 });
        await session.ScoreAsync(forks);
        forks[0].Reward!.Value.ShouldBe(expected, 1e-6);        // over the whole path
        session.Ledger.RewardTokens.ShouldBe(0);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]                                          // 2.5, 2, 4.5
    [InlineData(3, 8 / 3.0)]                                    // 8/3, 10/3
    [InlineData(4, 3.5)]
    public void The_lowest_group_counts(int window, double expected) =>
        new LogProbabilityReward(LogProbabilityKind.Confidence, window).Of(Tokens).ShouldBe(expected, 1e-6);

    [Fact]
    public async Task A_thought_of_which_nothing_is_known_counts_as_not_scored()
    {
        var reward = new LogProbabilityReward(LogProbabilityKind.SelfCertainty);
        reward.Of([]).ShouldBe(double.NaN);
        using var session = ScriptedSession.Open(ScriptedPolicy.OfAnswers("= 1"), new SolveSettings { Reward = reward });
        var thoughts = await session.SampleAsync(1);            // the script tells no confidence
        await session.ScoreAsync(thoughts);
        thoughts[0].Reward.ShouldBeNull();
        session.Notes.Count.ShouldBe(1);
    }

    [Fact]
    public void Rounding_does_not_leave_the_range()
    {
        ThoughtToken sure = new(1, "a") { LogProbability = 1e-7f, Entropy = -1e-7f, SelfCertainty = -1e-7f, Confidence = 0 };
        foreach (var kind in Enum.GetValues<LogProbabilityKind>())
        {
            var reward = new LogProbabilityReward(kind);
            reward.Of([sure]).ShouldBeInRange(reward.Range.Low, reward.Range.High);
        }
    }

    [Fact]
    public void The_table_makes_what_it_lists_and_names_the_nearest_of_what_it_does_not()
    {
        foreach (var row in RewardTable.All)
        {
            var reward = RewardTable.Create(row.Name, new RewardSettings { Engine = new Inference.EngineOptions { Threads = 1 } });
            reward.Name.ShouldBe(row.Name);
            reward?.Dispose();
        }
        Should.Throw<RewardException>(() => RewardTable.Create("entropie")).Message.ShouldContain("entropy");
        using var loaded = (HeadReward)RewardTable.Create(Reasoning.Solving.EmbeddedModels.Reward, new RewardSettings { Engine = new Inference.EngineOptions { Threads = 1 } });
        loaded.Name.ShouldBe("reward");
    }
}
