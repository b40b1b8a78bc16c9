using Ponder.Inference.Generation;
using Ponder.Inference.Sampling;
using Ponder.Numerics;

namespace Ponder.Inference.Tests.Scheduling;

/// <summary>What goes wrong with one request is no other's business.</summary>
public sealed class IsolationTests
{
    private const long Page = PuzzleModels.PageBytes;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private static readonly int[] Prompt = PuzzleModels.Prompts[0];

    [Theory]
    [InlineData(64, 1 << 20)]
    [InlineData(1, 1 << 20)]                                    // the only place
    [InlineData(64, 7)]                                         // pages, fewer than both need together
    public async Task A_stalled_reader_stops_only_its_own_text(int places, int pages)
    {
        using var engine = PuzzleModels.LoadPolicy(new EngineOptions { Threads = 2, MaxBranches = places, StreamTokens = 4, KvMemoryBytes = pages * Page });
        var options = Options(1, 60);
        int[] expected = await IdsAsync(engine, Prompt, options);
        await using var stalled = engine.GenerateAsync(Prompt, options).GetAsyncEnumerator();
        (await stalled.MoveNextAsync()).ShouldBeTrue();
        var ids = new List<int> { stalled.Current.Id };
        for (int i = 0; i < 3; i++)
            (await IdsAsync(engine, Prompt, options)).ShouldBe(expected);
        engine.Statistics.GeneratedTokens.ShouldBeLessThanOrEqualTo(4 * 60 + 6);        // the reader took one and four lie unread
        while (await stalled.MoveNextAsync())
            ids.Add(stalled.Current.Id);
        ids.ShouldBe(expected);
        engine.KvPagesInUse.ShouldBe(0);
    }

    [Fact]
    public async Task A_callback_that_throws_does_not_disturb_its_neighbours()
    {
        using var engine = PuzzleModels.LoadPolicy();
        int[][] expected = [await IdsAsync(engine, Prompt, Options(1, 40)), await IdsAsync(engine, Prompt, Options(2, 40))];
        var pause = await Pause.BeginAsync(engine);
        int seen = 0;
        var first = IdsAsync(engine, Prompt, Options(1, 40));
        var failing = engine.CompleteAsync(
            [new GenerationRequest(Prompt, 3, Options(3, 40))],
            (_, _, _) => _ = ++seen == 7 ? throw new InvalidOperationException("callback") : 0);
        var reader = engine.ReadOutputsAsync(Prompt, (_, _) => throw new InvalidOperationException("reader"));
        var last = IdsAsync(engine, Prompt, Options(2, 40));
        await pause.EndAsync();
        (await Should.ThrowAsync<InvalidOperationException>(failing.WaitAsync(Patience))).Message.ShouldBe("callback");
        (await Should.ThrowAsync<InvalidOperationException>(reader.WaitAsync(Patience))).Message.ShouldBe("reader");
        (await first.WaitAsync(Patience)).ShouldBe(expected[0]);
        (await last.WaitAsync(Patience)).ShouldBe(expected[1]);
        engine.KvPagesInUse.ShouldBe(0);
    }

    [Fact]
    public async Task Logits_that_are_not_numbers_end_their_own_request_and_leave_nothing_in_the_memory_of_later_ones()
    {
        using var broken = new BrokenModel(token: 99);
        using var engine = Engine.Load(broken.Path, new EngineOptions { Threads = 2, KvMemoryBytes = 1 << 20, CachePrefixes = false });
        int[] good = [20, 30, 40, 50], bad = [20, 30, 99, 50, .. Enumerable.Repeat(60, 80)];
        int[] expected = await IdsAsync(engine, good, Options(1, 60));
        for (int round = 0; round < 3; round++)
        {
            var pause = await Pause.BeginAsync(engine);
            Task<int[]>[] fine = [.. Enumerable.Range(0, 3).Select(_ => IdsAsync(engine, good, Options(1, 60)))];
            var failing = IdsAsync(engine, bad, Options(1, 60));
            await pause.EndAsync();
            (await Should.ThrowAsync<PonderException>(failing.WaitAsync(Patience))).Message.ShouldContain("weights");
            foreach (var one in fine)
                (await one.WaitAsync(Patience)).ShouldBe(expected);
            engine.KvPagesInUse.ShouldBe(0);
        }
    }

    [Fact]
    public async Task Cancelling_frees_pages_within_one_step()
    {
        using var engine = PuzzleModels.LoadPolicy();
        using var stop = new CancellationTokenSource();
        var pause = await Pause.BeginAsync(engine);
        var cancelled = engine.CompleteAsync([new GenerationRequest(Prompt, 5, Options(1, 200))], cancellationToken: stop.Token);
        var pages = new List<int>();
        var other = engine.CompleteAsync([new GenerationRequest(Prompt, 1, Options(2, 40))], (_, _, _) =>
        {
            if (pages.Count == 10)
                stop.Cancel();
            pages.Add(engine.KvPagesInUse);
        });
        await pause.EndAsync();
        await Should.ThrowAsync<OperationCanceledException>(cancelled.WaitAsync(Patience));
        await other.WaitAsync(Patience);
        pages[10].ShouldBeGreaterThan(5);
        for (int token = 11; token < pages.Count; token++)      // the next step already: only what this text itself has computed
            pages[token].ShouldBe((Prompt.Length + token + 15) / 16);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task An_engine_may_be_disposed_in_a_callback(int threads)
    {
        var engine = PuzzleModels.LoadPolicy(new EngineOptions { Threads = threads });
        int tokens = 0;
        await Should.ThrowAsync<ObjectDisposedException>(engine.CompleteAsync([new GenerationRequest(Prompt, 4, Options(1, 100))], (_, _, _) =>
        {
            if (++tokens == 30)
                engine.Dispose();
        }).WaitAsync(Patience));
        await Should.ThrowAsync<ObjectDisposedException>(engine.ScoreAsync(Prompt, [Prompt]));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task An_engine_may_be_disposed_by_a_reader_of_outputs(int threads)
    {
        var engine = PuzzleModels.LoadPolicy(new EngineOptions { Threads = threads });
        var pause = await Pause.BeginAsync(engine);
        // Several at once: some of them are read on threads of the pool.
        Task[] readers = [.. Enumerable.Range(0, 6).Select(_ => engine.ReadOutputsAsync(Prompt, (i, _) => engine.Dispose()))];
        var text = engine.CompleteAsync([new GenerationRequest(Prompt, 1, Options(1, 100))]);
        await pause.EndAsync();
        await Should.ThrowAsync<ObjectDisposedException>(text.WaitAsync(Patience));
        await Task.WhenAll(readers.Select(reader => Task.WhenAny(reader))).WaitAsync(Patience);
    }

    private static GenerationOptions Options(ulong seed, int tokens) =>
        new() { MaxTokens = tokens, IgnoreEnd = true, Sampling = new SamplingOptions { Seed = seed } };

    private static async Task<int[]> IdsAsync(Engine engine, int[] prompt, GenerationOptions options) =>
        [.. (await engine.CompleteAsync([new GenerationRequest(prompt, 1, options)]).WaitAsync(Patience))[0][0].Ids];
}
