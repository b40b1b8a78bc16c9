using System.Diagnostics;
using Ponder.Inference.Branches;
using Ponder.Inference.Generation;
using Ponder.Inference.Kv;
using Ponder.Inference.Sampling;
using Ponder.TestSupport;
using Xunit.Abstractions;

namespace Ponder.Inference.Tests.Branches;

public sealed class BranchTests(ITestOutputHelper output) : IDisposable
{
    private static readonly int[] Prompt = PuzzleModels.Prompts[0];
    private static readonly GenerationOptions Drawn = new() { Sampling = new SamplingOptions { Seed = 5 }, MaxTokens = 9, IgnoreEnd = true };

    private readonly Engine _engine = PuzzleModels.LoadPolicy();

    public void Dispose() => _engine.Dispose();

    [Fact]
    public async Task A_branch_grows_by_what_is_drawn_and_by_what_it_is_given()
    {
        using var branch = _engine.CreateBranch(Prompt);
        var first = await branch.ExtendAsync(Drawn);
        branch.Append(Prompt);
        var second = await branch.ExtendAsync(Drawn);
        branch.TokenIds().ShouldBe([.. Prompt, .. first.Ids, .. Prompt, .. second.Ids]);
        branch.Text(Prompt.Length + 9 + Prompt.Length).ShouldBe(second.Text);
        branch.Tokens().Count(token => token.IsGenerated).ShouldBe(18);
        branch.Usage.PromptTokens.ShouldBe(2 * Prompt.Length);
        branch.Usage.GeneratedTokens.ShouldBe(18);
    }

    [Fact]
    public async Task Two_extensions_draw_what_one_draws()
    {
        using var branch = _engine.CreateBranch(Prompt);
        await branch.ExtendAsync(Drawn);
        await branch.ExtendAsync(Drawn);
        using var whole = _engine.CreateBranch(Prompt);
        await whole.ExtendAsync(Drawn with { MaxTokens = 18 });
        branch.TokenIds().ShouldBe(whole.TokenIds());
    }

    [Fact]
    public async Task Forks_share_their_beginning_which_is_computed_once()
    {
        using var root = _engine.CreateBranch(Prompt);
        Branch[] forks = [.. Enumerable.Range(0, 32).Select(_ => root.Fork())];
        var answers = await Task.WhenAll(_engine.ExtendAsync(forks, Drawn));
        answers.Select(answer => string.Join(',', answer.Ids)).Distinct().Count().ShouldBeGreaterThan(5);
        root.Usage.PromptTokens.ShouldBe(Prompt.Length);
        // What a step left uncomputed (its last token) is also computed once for all who fork there.
        long rows = _engine.Statistics.Rows;
        Branch[] grandchildren = [.. Enumerable.Range(0, 8).Select(_ => forks[3].Fork())];
        await Task.WhenAll(_engine.ExtendAsync(grandchildren, Drawn with { MaxTokens = 1 }));
        (_engine.Statistics.Rows - rows).ShouldBe(1);
        foreach (var branch in forks.Concat(grandchildren))
            branch.Dispose();
        root.Dispose();
        _engine.KvPagesInUse.ShouldBe(0);
    }

    [SharedFact]
    public async Task Ten_thousand_forks_of_a_long_text_take_no_time_and_no_memory()
    {
        using var engine = Engine.Load(SharedData.Path("models", "smollm2", "SmolLM2-135M-Instruct.Q4_1.gguf"), new EngineOptions { Threads = 2 });
        int[] text = [.. Enumerable.Range(0, 2000).Select(i => 1000 + i * 7 % 40_000)];
        using var root = engine.CreateBranch(text);
        await root.OutputsAsync();
        int pages = engine.KvPagesInUse;
        double least = double.MaxValue;
        for (int attempt = 0; attempt < 5; attempt++)
        {
            var forks = new Branch[10_000];
            long start = Stopwatch.GetTimestamp();
            for (int i = 0; i < forks.Length; i++)
                forks[i] = root.Fork();
            least = Math.Min(least, Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            engine.KvPagesInUse.ShouldBe(pages);
            foreach (var fork in forks)
                fork.Dispose();
        }
        output.WriteLine($"10,000 forks of {text.Length} tokens: {least:0.0} ms");
        least.ShouldBeLessThan(50);
    }

    [Fact]
    public async Task What_is_drawn_again_after_a_rollback_is_the_same_and_a_fork_draws_something_else()
    {
        using var branch = _engine.CreateBranch(Prompt);
        var first = await branch.ExtendAsync(Drawn);
        branch.RollBack(Prompt.Length + 3);
        branch.Length.ShouldBe(Prompt.Length + 3);
        var again = await branch.ExtendAsync(Drawn with { MaxTokens = 6 });
        again.Ids.ShouldBe(first.Ids.Skip(3));
        branch.RollBack(Prompt.Length);
        using var fork = branch.Fork();
        (await fork.ExtendAsync(Drawn)).Ids.ShouldNotBe(first.Ids);
        using var twin = branch.Fork(branch.Key);
        (await twin.ExtendAsync(Drawn)).Ids.ShouldBe(first.Ids);
    }

    [Fact]
    public async Task A_branch_streams_what_it_would_be_extended_by()
    {
        using var branch = _engine.CreateBranch(Prompt);
        using var twin = branch.Fork(branch.Key);
        var expected = await twin.ExtendAsync(Drawn);
        var ids = new List<int>();
        await foreach (var token in branch.StreamAsync(Drawn))
            ids.Add(token.Id);
        ids.ShouldBe(expected.Ids);
        branch.TokenIds().ShouldBe(twin.TokenIds());
        await foreach (var _ in branch.StreamAsync(Drawn with { MaxTokens = 60 }))
            break;
        branch.Length.ShouldBeGreaterThan(twin.Length);
        await branch.ExtendAsync(Drawn with { MaxTokens = 1 });
        Should.Throw<ArgumentOutOfRangeException>(() => branch.StreamAsync(Drawn with { MaxTokens = 0 }));
    }

    [Fact]
    public async Task Mirostat_goes_on_from_the_token_that_was_rolled_back_to()
    {
        var mirostat = Drawn with { Sampling = new SamplingOptions { Seed = 9, MirostatTau = 2, Temperature = 1.5 }, MaxTokens = 20 };
        using var branch = _engine.CreateBranch(Prompt);
        var first = await branch.ExtendAsync(mirostat);
        using var fork = branch.Fork(branch.Key);
        branch.RollBack(Prompt.Length + 7);
        (await branch.ExtendAsync(mirostat with { MaxTokens = 13 })).Ids.ShouldBe(first.Ids.Skip(7));
        (await fork.ExtendAsync(mirostat)).Ids.ShouldBe((await branch.ExtendAsync(mirostat)).Ids);
    }

    [Fact]
    public async Task Every_drawn_token_tells_its_probability_before_and_after_sampling()
    {
        using var branch = _engine.CreateBranch(Prompt);
        var options = Drawn with { Sampling = Drawn.Sampling with { TopK = 3, Temperature = 0.5 }, LogProbabilities = true };
        var answer = await branch.ExtendAsync(options);
        var score = (await _engine.ScoreAsync(Prompt, [answer.Ids]))[0];
        var traces = branch.Tokens(Prompt.Length);
        for (int i = 0; i < traces.Count; i++)
        {
            traces[i].LogProbability.ShouldBe((float)score[i], 1e-5f);
            traces[i].SampledLogProbability.ShouldBeInRange(-50, 0);
            traces[i].Entropy.ShouldBeInRange(0, 10);
            traces[i].SelfCertainty.ShouldBeInRange(0, 50);
            traces[i].Confidence.ShouldBeInRange(0, 50);
        }
        traces.ShouldContain(trace => trace.SampledLogProbability > trace.LogProbability);
        branch.Tokens()[0].LogProbability.ShouldBe(float.NaN);
    }

    [Fact]
    public async Task A_branch_that_is_computed_piece_by_piece_gives_the_outputs_of_the_whole_and_computes_nothing_twice()
    {
        using var whole = _engine.CreateBranch([.. Prompt, .. Prompt]);
        var expected = new float[2 * Prompt.Length][];
        await whole.ReadOutputsAsync(0, (position, outputs) => expected[position] = outputs.ToArray());

        using var engine = PuzzleModels.LoadPolicy(new EngineOptions { Threads = 2, CachePrefixes = false });
        using var root = engine.CreateBranch(Prompt);
        using var branch = root.Fork();
        branch.Append(Prompt[..4]);
        await ReadAsync(branch, Prompt.Length, 4);
        using var fork = branch.Fork();                         // goes on from what was computed
        fork.Append(Prompt[4..]);
        await ReadAsync(fork, Prompt.Length + 4, Prompt.Length - 4);
        await ReadAsync(fork, fork.Length - 1, 1);              // it kept them
        root.Usage.PromptTokens.ShouldBe(2 * Prompt.Length);
        root.Usage.RecomputedTokens.ShouldBe(0);
        engine.Statistics.Rows.ShouldBe(2 * Prompt.Length);
        var greedy = Drawn with { Sampling = SamplingOptions.Greedy };
        (await fork.ExtendAsync(greedy)).Ids.ShouldBe((await whole.ExtendAsync(greedy)).Ids);

        async Task ReadAsync(Branch read, int from, int count)
        {
            var seen = new List<int>();
            await read.ComputeAsync(from, (position, outputs) =>
            {
                seen.Add(position);
                outputs.ToArray().ShouldBe(expected[position]);
            });
            seen.ShouldBe(Enumerable.Range(from, count));
        }
    }

    [Fact]
    public async Task Hidden_states_of_chosen_layers_and_tokens_are_those_of_a_whole_pass()
    {
        using var branch = _engine.CreateBranch(Prompt);
        await branch.ExtendAsync(Drawn);
        int last = branch.Length - 1;
        float[][][] states = await branch.HiddenStatesAsync([0, 3, 6], [2, last]);
        states.Length.ShouldBe(3);
        states[0].Length.ShouldBe(2);
        states[0][0].Length.ShouldBe(_engine.Model.Config.Width);
        using var whole = _engine.CreateBranch(branch.TokenIds());
        float[][][] all = await whole.HiddenStatesAsync([0, 1, 2, 3, 4, 5, 6], [.. Enumerable.Range(0, branch.Length)]);
        states[0][0].ShouldBe(all[0][2]);
        states[1][1].ShouldBe(all[3][last]);
        states[2][1].ShouldBe(all[6][last]);
        await Should.ThrowAsync<ArgumentOutOfRangeException>(branch.HiddenStatesAsync([7], [0]));
        await Should.ThrowAsync<ArgumentOutOfRangeException>(branch.HiddenStatesAsync([0], [last + 1]));
    }

    [Fact]
    public async Task Outputs_of_a_branch_are_those_of_its_last_token()
    {
        using var branch = _engine.CreateBranch(Prompt);
        var outputs = await branch.OutputsAsync();
        float[] expected = [];
        await _engine.ReadOutputsAsync(Prompt, (_, row) => expected = row.ToArray());
        outputs.ShouldBe(expected);
        var seen = new List<int>();
        await branch.ReadOutputsAsync(4, (position, _) => seen.Add(position));
        seen.ShouldBe(Enumerable.Range(4, Prompt.Length - 4));
    }

    [Fact]
    public async Task A_busy_branch_refuses_changes_and_a_dropped_one_everything()
    {
        var branch = _engine.CreateBranch(Prompt);
        var running = branch.ExtendAsync(new GenerationOptions { IgnoreEnd = true });
        Should.Throw<InvalidOperationException>(() => branch.RollBack(1)).Message.ShouldContain("being extended");
        Should.Throw<InvalidOperationException>(() => branch.Fork());
        Should.Throw<InvalidOperationException>(() => branch.Append([1]));
        branch.Dispose();
        await Should.ThrowAsync<OperationCanceledException>(running);
        Should.Throw<ObjectDisposedException>(() => branch.Fork());
        await Should.ThrowAsync<ObjectDisposedException>(async () => await branch.ExtendAsync(Drawn));
        _engine.KvPagesInUse.ShouldBe(0);
    }

    [Fact]
    public async Task A_cancelled_extension_keeps_what_was_drawn()
    {
        using var branch = _engine.CreateBranch(Prompt);
        using var stop = new CancellationTokenSource();
        var running = branch.ExtendAsync(new GenerationOptions { IgnoreEnd = true }, stop.Token);
        while (branch.Length < Prompt.Length + 5)
            await Task.Yield();
        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(running);
        int length = branch.Length;
        length.ShouldBeGreaterThanOrEqualTo(Prompt.Length + 5);
        await branch.ExtendAsync(Drawn with { MaxTokens = 1 });
        branch.Length.ShouldBe(length + 1);
    }

    [Fact]
    public async Task Best_of_32_computes_its_prompt_once_and_holds_no_more_than_it_wrote()
    {
        using var engine = PuzzleModels.LoadPolicy(new EngineOptions { Threads = 2, CachePrefixes = false });
        int[] prompt = [.. Enumerable.Repeat(Prompt, 30).SelectMany(ids => ids).Take(200)];
        using var root = engine.CreateBranch(prompt);
        Branch[] forks = [.. Enumerable.Range(0, 32).Select(_ => root.Fork())];
        await Task.WhenAll(engine.ExtendAsync(forks, Drawn with { MaxTokens = 20 }));
        var usage = root.Usage;
        usage.PromptTokens.ShouldBe(200);
        usage.GeneratedTokens.ShouldBe(32 * 20);
        // 200 tokens are twelve full pages and half of one; each branch copies the half and writes 19 tokens more (the last is not computed).
        usage.PeakKvTokens.ShouldBeLessThanOrEqualTo((13 + 32 * 2) * 16);
        usage.AverageKvTokens.ShouldBeInRange(200, usage.PeakKvTokens);
        foreach (var fork in forks)
            fork.Dispose();
        root.Dispose();
        root.Usage.KvTokens.ShouldBe(0);
        engine.KvPagesInUse.ShouldBe(0);
    }

    [Fact]
    public async Task Wrong_requests_are_refused_by_name()
    {
        Should.Throw<ArgumentException>(() => _engine.CreateBranch([])).Message.ShouldContain("empty");
        Should.Throw<ContextLengthException>(() => _engine.CreateBranch(new int[_engine.Context + 1]));
        using var branch = _engine.CreateBranch(Prompt);
        Should.Throw<ArgumentOutOfRangeException>(() => branch.RollBack(0));
        Should.Throw<ArgumentOutOfRangeException>(() => branch.RollBack(Prompt.Length + 1));
        Should.Throw<ContextLengthException>(() => branch.Append(new int[_engine.Context]));
        using var small = PuzzleModels.LoadPolicy(new EngineOptions { Threads = 1, KvMemoryBytes = 2 * PuzzleModels.PageBytes });
        using var large = small.CreateBranch(Prompt);
        await Should.ThrowAsync<KvMemoryException>(async () => await large.ExtendAsync(Drawn with { MaxTokens = 100 }));
        (await large.ExtendAsync(Drawn with { MaxTokens = 2 })).Ids.Count.ShouldBe(2);
    }
}
