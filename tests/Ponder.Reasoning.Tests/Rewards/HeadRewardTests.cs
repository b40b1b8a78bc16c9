using Ponder.Inference;
using Ponder.Numerics.Kernels;
using Ponder.Reasoning.Problems;
using Ponder.Reasoning.Rewards;
using Ponder.Reasoning.Sessions;
using Ponder.Reasoning.Solving;
using Ponder.Reasoning.Tests.Scripted;

namespace Ponder.Reasoning.Tests.Rewards;

public sealed class HeadRewardTests : IDisposable
{
    private static readonly PuzzleText Chain = PuzzleText.All.First(text => text.Rewards.Length == 7);

    private readonly Engine _engine = Engine.Load(EmbeddedModels.Reward, new EngineOptions { Threads = 1, KvFormat = KvFormat.F32, CachePrefixes = false });
    private readonly HeadReward _reward;

    public HeadRewardTests() => _reward = new HeadReward(_engine, new HeadRewardOptions { StepMark = "\n" });

    public void Dispose()
    {
        _engine.KvPagesInUse.ShouldBe(0);
        _engine.Dispose();
    }

    [Fact]
    public async Task The_lines_of_the_recorded_texts_get_the_recorded_rewards()
    {
        foreach (var text in PuzzleText.All)
        {
            using var session = Open(text, text.Sample);
            var thoughts = await session.SampleAsync(1);
            await session.ScoreAsync(thoughts);

            thoughts[0].TokenIds().ShouldBe([.. text.PromptIds, .. text.SampleIds, _engine.Tokenizer.Special.Eos!.Value]);
            thoughts[0].StepRewards.Count.ShouldBe(text.Rewards.Length);
            for (int i = 0; i < text.Rewards.Length; i++)
                thoughts[0].StepRewards[i].ShouldBe(text.Rewards[i], 1e-3);
            thoughts[0].Reward.ShouldBe(thoughts[0].StepRewards[^1]);
            session.Ledger.RewardTokens.ShouldBe(text.PromptIds.Length + text.SampleIds.Length);   // not the end token
            session.Notes.ShouldBeEmpty();
        }
    }

    [Fact]
    public async Task A_thought_that_grows_line_by_line_is_computed_once()
    {
        using (var session = Open(Chain, Chain.Sample))
        {
            var thoughts = session.Fork(session.Root, 1);
            for (int line = 0; line < Chain.Rewards.Length; line++)
            {
                await session.ExtendAsync(thoughts, new ExtendOptions { Delimiter = "\n" });
                await session.ScoreAsync(thoughts);
                thoughts[0].StepRewards.Count.ShouldBe(line + 1);
                thoughts[0].Reward!.Value.ShouldBe(Chain.Rewards[line], 1e-3);
            }
            await session.ExtendAsync(thoughts);
            thoughts[0].End.ShouldBe(ThoughtEnd.Finished);
            await session.ScoreAsync(thoughts);                 // nothing is new but the end token
            session.Ledger.Steps[^1].RewardTokens.ShouldBe(0);
            session.Ledger.RewardTokens.ShouldBe(Chain.PromptIds.Length + Chain.SampleIds.Length);
            _engine.Statistics.PromptTokens.ShouldBe(session.Ledger.RewardTokens);
            _engine.Statistics.RecomputedTokens.ShouldBe(0);
        }
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]                                   // the parent was scored before it was forked
    [InlineData(true, true)]                                    // and freed before the forks are scored
    public async Task Forks_pay_for_what_is_their_own(bool isParentScored, bool isParentFreed)
    {
        string[] lines = Chain.Sample.Split('\n');
        string first = lines[0] + "\n" + lines[1] + "\n";
        var tokenizer = _engine.Tokenizer;
        // The forks, numbers 2 to 4, come to answers of their own.
        var policy = new ScriptedPolicy(state => ScriptedPolicy.Tokens(tokenizer, Answer(state.Key)[state.Text.Length..])) { Tokenizer = tokenizer };
        using var session = Open(policy, Chain.Prompt, _reward);
        var parent = session.Fork(session.Root, 1);
        await session.ExtendAsync(parent, new ExtendOptions { Delimiter = "\n" });
        await session.ExtendAsync(parent, new ExtendOptions { Delimiter = "\n" });
        if (isParentScored)
            await session.ScoreAsync(parent);
        var forks = session.Fork(parent[0], 3);
        if (isParentFreed)
            session.Release(parent[0]);
        await session.ExtendAsync(forks);
        await session.ScoreAsync(forks);

        foreach (var fork in forks)
        {
            fork.StepRewards.Count.ShouldBe(Chain.Rewards.Length);
            fork.StepRewards[^2].ShouldBe(Chain.Rewards[^2], 1e-3);
        }
        forks[0].Reward!.Value.ShouldBe(Chain.Rewards[^1], 1e-3);
        int own = forks.Sum(fork => TokensBehind(Answer((ulong)fork.Number), first)), shared = Chain.PromptIds.Length + tokenizer.Encode(first).Length;
        session.Ledger.RewardTokens.ShouldBe(_engine.Statistics.PromptTokens);
        _engine.Statistics.RecomputedTokens.ShouldBe(0);
        session.Ledger.RewardTokens.ShouldBe(shared + own);
        session.Ledger.Steps[^1].RewardTokens.ShouldBe(own + (isParentScored ? 0 : shared));

        int TokensBehind(string text, string beginning) => tokenizer.Encode(text).Length - tokenizer.Encode(beginning).Length;

        static string Answer(ulong key) => key <= 2 ? Chain.Sample : Chain.Sample[..(Chain.Sample.LastIndexOf(' ') + 1)] + (100 + key);
    }

    [Fact]
    public async Task Thoughts_with_the_same_tokens_are_computed_once()
    {
        using var session = Open(Chain, Chain.Sample);
        var line = new ExtendOptions { Delimiter = "\n" };
        var twins = session.Fork(session.Root, 3);
        await session.ExtendAsync(twins, line);
        await session.ScoreAsync(twins);
        long once = session.Ledger.RewardTokens;
        once.ShouldBe(twins[0].TokenIds()!.Count);
        twins.ShouldAllBe(twin => twin.Reward == twins[0].Reward);

        session.Release(twins[0]);                              // the others go on without the one that was computed
        await session.ExtendAsync([twins[1], twins[2]], line);
        await session.ScoreAsync([twins[1], twins[2]]);
        twins[2].StepRewards.Count.ShouldBe(2);
        twins[2].Reward!.Value.ShouldBe(Chain.Rewards[1], 1e-3);
        session.Ledger.RewardTokens.ShouldBe(twins[1].TokenIds()!.Count);
    }

    [Fact]
    public async Task A_policy_with_other_tokens_is_read_by_its_text_and_that_is_said_once()
    {
        var policy = new ScriptedPolicy(state => ScriptedPolicy.Words(Chain.Sample[state.Text.Length..]));
        using var session = Open(policy, Chain.Prompt, _reward);
        var thoughts = session.Fork(session.Root, 2);
        await session.ExtendAsync(thoughts, new ExtendOptions { Delimiter = "\n" });
        await session.ScoreAsync(thoughts);
        await session.ExtendAsync(thoughts);
        await session.ScoreAsync(thoughts);

        for (int i = 0; i < Chain.Rewards.Length; i++)
            thoughts[1].StepRewards[i].ShouldBe(Chain.Rewards[i], 1e-3);
        session.Notes.Count.ShouldBe(1);
        session.Notes[0].ShouldContain("does not share the policy's tokens");
        session.Ledger.RewardTokens.ShouldBe(Chain.PromptIds.Length + Chain.SampleIds.Length);    // two thoughts with the same tokens
    }

    [Fact]
    public async Task A_line_that_has_not_ended_is_read_at_its_last_token_and_again_at_its_end()
    {
        using var session = Open(Chain, Chain.Sample);
        var thoughts = session.Fork(session.Root, 1);
        int cut = _engine.Tokenizer.Encode(Chain.Sample.Split('\n')[0] + "\n").Length + 3;
        await session.ExtendAsync(thoughts, new ExtendOptions { MaxTokens = cut });
        await session.ScoreAsync(thoughts);

        double expected = 0;
        int[] ids = [.. Chain.PromptIds, .. Chain.SampleIds[..cut]];
        await _engine.ReadOutputsAsync(ids, (i, outputs) => expected = 1 / (1 + Math.Exp(outputs[0] - outputs[1])));
        thoughts[0].StepRewards.Count.ShouldBe(2);
        thoughts[0].Reward!.Value.ShouldBe(expected, 1e-6);

        await session.ExtendAsync(thoughts);
        await session.ScoreAsync(thoughts);
        for (int i = 0; i < Chain.Rewards.Length; i++)
            thoughts[0].StepRewards[i].ShouldBe(Chain.Rewards[i], 1e-3);
    }

    [Theory]
    [InlineData(Aggregation.Min)]
    [InlineData(Aggregation.Product)]
    [InlineData(Aggregation.Mean)]
    public async Task Steps_are_aggregated_as_asked(Aggregation aggregation)
    {
        var reward = new HeadReward(_engine, new HeadRewardOptions { StepMark = "\n", Aggregation = aggregation });
        using var session = Open(Chain, Chain.Sample, reward);
        var thoughts = await session.SampleAsync(1);
        await session.ScoreAsync(thoughts);
        thoughts[0].Reward!.Value.ShouldBe(aggregation.Of(Chain.Rewards), 3e-3);
    }

    [Fact]
    public async Task A_thought_that_does_not_fit_the_models_context_counts_as_not_scored()
    {
        using var session = Open(Chain, string.Concat(Enumerable.Repeat("a=1\n", 100)), maxTokens: 1000);
        var thoughts = await session.SampleAsync(1);
        await session.ScoreAsync(thoughts);
        thoughts[0].Reward.ShouldBeNull();
        session.Notes.ShouldContain(note => note.Contains("longer than the 256 tokens"));
    }

    [Fact]
    public async Task A_language_model_rewards_by_one_token_against_another()
    {
        using var engine = Engine.Load(EmbeddedModels.Policy, new EngineOptions { Threads = 1, KvFormat = KvFormat.F32 });
        var options = new HeadRewardOptions { StepMark = "\n", GoodToken = "+", BadToken = "-" };
        Should.Throw<RewardException>(() => new HeadReward(engine)).Message.ShouldContain("GoodToken");
        Should.Throw<RewardException>(() => new HeadReward(engine, options with { BadToken = "12+7" })).Message.ShouldContain("BadToken");
        Should.Throw<RewardException>(() => new HeadReward(_engine, new HeadRewardOptions { GoodClass = 2 })).Message.ShouldContain("GoodClass");
        var reward = new HeadReward(engine, options);
        using var session = Open(Chain, Chain.Sample, reward);
        var thoughts = await session.SampleAsync(1);
        await session.ScoreAsync(thoughts);

        var expected = new List<double>();
        int[] ids = [.. Chain.PromptIds, .. Chain.SampleIds];
        await engine.ReadOutputsAsync(ids, (i, logits) =>
        {
            if (i >= Chain.PromptIds.Length && ids[i] == '\n')
                expected.Add(1 / (1 + Math.Exp(logits['-'] - logits['+'])));
        });
        thoughts[0].StepRewards.Count.ShouldBe(expected.Count);
        for (int i = 0; i < expected.Count; i++)
            thoughts[0].StepRewards[i].ShouldBe(expected[i], 1e-6);
    }

    [Fact]
    public async Task Cancellation_ends_the_scoring_and_leaves_nothing()
    {
        using var stop = new CancellationTokenSource();
        var tokenizer = _engine.Tokenizer;
        var policy = new ScriptedPolicy(_ => ScriptedPolicy.Tokens(tokenizer, Chain.Sample)) { Tokenizer = tokenizer };
        using var session = Open(policy, Chain.Prompt, _reward, stop: stop.Token);
        var thoughts = await session.SampleAsync(8);
        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(session.ScoreAsync(thoughts));
    }

    private SolveSession Open(PuzzleText text, string answer, HeadReward? reward = null, int maxTokens = 1024)
    {
        var tokenizer = _engine.Tokenizer;
        var policy = new ScriptedPolicy(state => ScriptedPolicy.Tokens(tokenizer, answer[state.Text.Length..])) { Tokenizer = tokenizer };
        return Open(policy, text.Prompt, reward ?? _reward, maxTokens);
    }

    private static SolveSession Open(ScriptedPolicy policy, string prompt, HeadReward reward, int maxTokens = 1024, CancellationToken stop = default)
    {
        var problem = ScriptedSession.Problem with { Prompt = Prompt.Plain(prompt) };
        return ScriptedSession.Open(policy, new SolveSettings { Reward = reward, MaxTokens = maxTokens }, problem, stop);
    }
}
