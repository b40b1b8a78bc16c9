using Ponder.Inference.Generation;
using Ponder.Inference.Kv;
using Ponder.Inference.Sampling;

namespace Ponder.Inference.Tests.Engines;

/// <summary>However a call ends, its KV pages are free and the engine works on.</summary>
public sealed class EndingTests : IDisposable
{
    private static readonly int[] Prompt = PuzzleModels.Prompts[0];
    private static readonly GenerationOptions Endless = new() { IgnoreEnd = true };

    private readonly Engine _engine = PuzzleModels.LoadPolicy();

    [Fact]
    public async Task Cancelling_stops_within_a_step()
    {
        using var stop = new CancellationTokenSource();
        int tokens = 0;
        var work = _engine.CompleteAsync(
            [new GenerationRequest(Prompt, 5, Endless)],
            (_, _, _) =>
            {
                if (++tokens == 23)
                    stop.Cancel();
            },
            stop.Token);
        (await Should.ThrowAsync<OperationCanceledException>(work)).CancellationToken.ShouldBe(stop.Token);
        tokens.ShouldBe(25);                                    // the step that was running: five answers
        await ShouldWorkOn();
    }

    [Fact]
    public async Task A_cancelled_token_computes_nothing()
    {
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        await Should.ThrowAsync<OperationCanceledException>(_engine.CompleteAsync(
            [new GenerationRequest(Prompt, 1, Endless)], (_, _, _) => Assert.Fail("a token"), stop.Token));
        await Should.ThrowAsync<OperationCanceledException>(_engine.ScoreAsync(Prompt, [Prompt], stop.Token));
        await Should.ThrowAsync<OperationCanceledException>(_engine.EmbedAsync([Prompt], stop.Token));
        await Should.ThrowAsync<OperationCanceledException>(async () =>
        {
            await foreach (var token in _engine.GenerateAsync(Prompt, Endless, stop.Token))
                Assert.Fail("a token");
        });
        await ShouldWorkOn();
    }

    [Fact]
    public async Task Cancelling_a_stream_ends_it_with_the_cancellation()
    {
        using var stop = new CancellationTokenSource();
        await Should.ThrowAsync<OperationCanceledException>(async () =>
        {
            int seen = 0;
            await foreach (var token in _engine.GenerateAsync(Prompt, Endless, stop.Token))
            {
                if (++seen == 3)
                    await stop.CancelAsync();
            }
        });
        await ShouldWorkOn();
    }

    [Fact]
    public async Task Leaving_a_stream_frees_its_pages_before_the_caller_goes_on()
    {
        await foreach (var token in _engine.GenerateAsync(Prompt, Endless))
            break;
        _engine.KvPagesInUse.ShouldBe(0);
        await Should.ThrowAsync<InvalidOperationException>(async () =>
        {
            await foreach (var token in _engine.GenerateAsync(Prompt, Endless))
                throw new InvalidOperationException("the consumer");
        });
        await ShouldWorkOn();
    }

    [Fact]
    public async Task An_error_of_the_progress_callback_comes_out()
    {
        int tokens = 0;
        var error = await Should.ThrowAsync<InvalidOperationException>(_engine.CompleteAsync(
            [new GenerationRequest(Prompt, 3, new GenerationOptions { MaxTokens = 4 })],
            (_, _, _) =>
            {
                if (++tokens == 11)                             // where some answers of the step have ended and others have not
                    throw new InvalidOperationException("progress");
            }));
        error.Message.ShouldBe("progress");
        await Should.ThrowAsync<InvalidOperationException>(_engine.ReadOutputsAsync(Prompt, (_, _) => throw new InvalidOperationException("reader")));
        await ShouldWorkOn();
    }

    [Fact]
    public async Task Too_little_kv_memory_is_said_and_less_still_works()
    {
        const long page = PuzzleModels.PageBytes;
        using var engine = PuzzleModels.LoadPolicy(new EngineOptions { Threads = 2, KvMemoryBytes = 3 * page });
        await Should.ThrowAsync<KvMemoryException>(engine.CompleteAsync([new GenerationRequest(Prompt, 1, Endless)]));
        engine.KvPagesInUse.ShouldBe(0);
        await Should.ThrowAsync<KvMemoryException>(engine.ScoreAsync([.. Enumerable.Repeat(65, 49)], [Prompt]));
        await Should.ThrowAsync<KvMemoryException>(engine.EmbedAsync([Enumerable.Repeat(65, 49).ToArray()]));
        engine.KvPagesInUse.ShouldBe(0);
        var answer = (await engine.CompleteAsync([new GenerationRequest(Prompt, 1, Endless with { MaxTokens = 35 })]))[0][0];
        answer.Ids.Count.ShouldBe(35);                          // 14 + 34 positions fill three pages
        engine.KvPagesInUse.ShouldBe(0);
    }

    [Fact]
    public async Task Any_mix_of_cancelling_and_little_memory_leaves_no_page_and_right_answers()
    {
        const long page = PuzzleModels.PageBytes;
        var random = new Random(11);
        GenerationRequest[] requests = [.. PuzzleModels.Prompts.Select((prompt, i) => new GenerationRequest(
            prompt, 1 + i % 3, new GenerationOptions { Sampling = new SamplingOptions { Seed = (ulong)i }, MaxTokens = 5 + 9 * i }))];
        var expected = await _engine.CompleteAsync(requests);
        using var engine = PuzzleModels.LoadPolicy(new EngineOptions { Threads = 2, KvMemoryBytes = 11 * page, MaxBranches = 6, ChunkTokens = 11 });
        int finished = 0, cancelled = 0;
        for (int round = 0; round < 15; round++)
        {
            int[] chosen = [.. Enumerable.Range(0, requests.Length).Where(_ => random.Next(3) == 0)];
            int tokens = random.Next(250);
            using var stop = new CancellationTokenSource();
            try
            {
                var answers = await engine.CompleteAsync(
                    [.. chosen.Select(i => requests[i])],
                    (_, _, _) =>
                    {
                        if (--tokens == 0)
                            stop.Cancel();
                    },
                    stop.Token);
                for (int i = 0; i < chosen.Length; i++)
                    answers[i].Select(a => a.Ids).ShouldBe(expected[chosen[i]].Select(a => a.Ids));
                finished++;
            }
            catch (OperationCanceledException)
            {
                cancelled++;
            }
            engine.KvPagesInUse.ShouldBe(0);
        }
        (finished > 0 && cancelled > 0).ShouldBeTrue($"{finished} finished, {cancelled} cancelled");
        engine.Statistics.Preemptions.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task Disposal_ends_what_runs_and_what_waits()
    {
        var engine = PuzzleModels.LoadPolicy();
        var stream = engine.GenerateAsync(Prompt, Endless).GetAsyncEnumerator();
        (await stream.MoveNextAsync()).ShouldBeTrue();
        var waiting = engine.CompleteAsync([new GenerationRequest(Prompt, 50, Endless)]);
        await Task.Run(engine.Dispose).WaitAsync(TimeSpan.FromSeconds(20));
        await Should.ThrowAsync<ObjectDisposedException>(waiting);
        await Should.ThrowAsync<ObjectDisposedException>(async () =>
        {
            while (await stream.MoveNextAsync())
            {
                // tokens that were made before the end
            }
        });
        await stream.DisposeAsync();
    }

    [Fact]
    public async Task A_disposed_engine_says_so_and_may_be_disposed_again()
    {
        var engine = PuzzleModels.LoadPolicy();
        engine.Dispose();
        await Task.Run(engine.Dispose).WaitAsync(TimeSpan.FromSeconds(20));
        await Should.ThrowAsync<ObjectDisposedException>(engine.CompleteAsync([new GenerationRequest(Prompt, 1, Endless)]).WaitAsync(TimeSpan.FromSeconds(20)));
        await Should.ThrowAsync<ObjectDisposedException>(engine.ScoreAsync(Prompt, [Prompt]).WaitAsync(TimeSpan.FromSeconds(20)));
    }

    public void Dispose() => _engine.Dispose();

    private async Task ShouldWorkOn()
    {
        _engine.KvPagesInUse.ShouldBe(0);
        var answer = (await _engine.CompleteAsync([new GenerationRequest(Prompt, 1, new GenerationOptions { Sampling = SamplingOptions.Greedy })]))[0][0];
        answer.Finish.ShouldBe(FinishReason.EndToken);
        _engine.KvPagesInUse.ShouldBe(0);
    }
}
