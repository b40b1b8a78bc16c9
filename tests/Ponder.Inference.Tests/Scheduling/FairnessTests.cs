using Ponder.Inference.Generation;

namespace Ponder.Inference.Tests.Scheduling;

/// <summary>Who goes first when there are more answers than places.</summary>
public sealed class FairnessTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private static readonly int[] Prompt = PuzzleModels.Prompts[0];

    [Fact]
    public async Task A_request_of_higher_priority_goes_before_those_that_wait()
    {
        using var engine = PuzzleModels.LoadPolicy(new EngineOptions { Threads = 2, MaxBranches = 2 });
        var starts = new List<string>();
        var pause = await Pause.BeginAsync(engine);
        Task[] work =
        [
            .. Enumerable.Range(0, 5).Select(i => RunAsync(engine, 0, 12, () => starts.Add($"low {i}"))),
            RunAsync(engine, 5, 12, () => starts.Add("high")),
            RunAsync(engine, 2, 12, () => starts.Add("middle")),
        ];
        await pause.EndAsync();
        await Task.WhenAll(work).WaitAsync(Patience);
        Firsts(starts).ShouldBe(["high", "middle", "low 0", "low 1", "low 2", "low 3", "low 4"]);
    }

    [Fact]
    public async Task A_request_of_higher_priority_takes_the_place_of_one_that_runs()
    {
        using var engine = PuzzleModels.LoadPolicy(new EngineOptions { Threads = 2, MaxBranches = 2 });
        int[] alone = await IdsAsync(engine, 0);
        var log = new List<string>();
        Task? high = null;
        Task[] low =
        [
            .. Enumerable.Range(0, 2).Select(i => RunAsync(engine, 0, 120, () =>
            {
                log.Add("low");
                if (log.Count == 20)
                    high = RunAsync(engine, 1, 10, () => log.Add("high"));      // on the engine's thread: there before the next step
            })),
        ];
        await Task.WhenAll(low).WaitAsync(Patience);
        await high!.WaitAsync(Patience);
        int first = log.IndexOf("high"), last = log.LastIndexOf("high");
        first.ShouldBeInRange(20, 24);
        log[first..(last + 1)].Count(name => name == "low").ShouldBeInRange(8, 12);     // one of the two goes on beside it
        (await IdsAsync(engine, 0)).ShouldBe(alone);
        engine.KvPagesInUse.ShouldBe(0);

        static async Task<int[]> IdsAsync(Engine engine, int priority) =>
            [.. (await engine.CompleteAsync([new GenerationRequest(Prompt, 1, Options(priority, 30))]))[0][0].Ids];
    }

    [Fact]
    public async Task A_late_small_request_is_not_starved_by_a_thousand_samples()
    {
        using var engine = PuzzleModels.LoadPolicy(new EngineOptions { Threads = 2, MaxBranches = 8 });
        using var stop = new CancellationTokenSource();
        int large = 0, before = 0, meanwhile = 0;
        Task? small = null;
        var samples = engine.CompleteAsync(
            [new GenerationRequest(Prompt, 1000, Options(0, 60))],
            (_, _, _) =>
            {
                if (++large == 500)
                {
                    before = large;
                    small = EndAsync();
                }
            },
            stop.Token);
        await Should.ThrowAsync<OperationCanceledException>(samples.WaitAsync(Patience));
        await small!;
        meanwhile.ShouldBeLessThan(16 * 8);                     // the small one has ten tokens, and a step eight places
        engine.KvPagesInUse.ShouldBe(0);

        async Task EndAsync()
        {
            await RunAsync(engine, 0, 10, () => meanwhile = large - before);
            await stop.CancelAsync();
        }
    }

    [Fact]
    public async Task A_reader_that_lost_its_place_goes_on_where_it_was()
    {
        using var engine = PuzzleModels.LoadPolicy(new EngineOptions { Threads = 2, MaxBranches = 1, ChunkTokens = 8 });
        int[] text = [.. Enumerable.Range(60, 100)];
        var expected = new List<float[]>();
        await engine.ReadOutputsAsync(text, (_, outputs) => expected.Add(outputs.ToArray()));
        var found = new List<float[]>();
        Task? high = null;
        await engine.ReadOutputsAsync(text, (i, outputs) =>
        {
            i.ShouldBe(found.Count);
            found.Add(outputs.ToArray());
            if (i == 20)
                high = RunAsync(engine, 1, 5, () => found.Count.ShouldBe(24));
        }).WaitAsync(Patience);
        await high!.WaitAsync(Patience);
        found.ShouldBe(expected);
        engine.KvPagesInUse.ShouldBe(0);
    }

    [Fact]
    public async Task An_embedding_that_lost_its_place_counts_no_token_twice()
    {
        using var engine = PuzzleModels.LoadPolicy(new EngineOptions { Threads = 2, MaxBranches = 2, SharedChunkTokens = 4 });
        int[] text = [.. Enumerable.Range(60, 100)];
        float[] expected = (await engine.EmbedAsync([text]))[0];
        int tokens = 0, waiting = 0;
        Task? second = null;
        var pause = await Pause.BeginAsync(engine);
        var first = RunAsync(engine, 1, 40, () =>
        {
            if (++tokens == 6)
                second = RunAsync(engine, 1, 5, () => waiting = Math.Max(waiting, engine.Statistics.Waiting));
        });
        var embedding = engine.EmbedAsync([text]);
        await pause.EndAsync();
        (await embedding.WaitAsync(Patience))[0].ShouldBe(expected);
        await Task.WhenAll(first, second!).WaitAsync(Patience);
        waiting.ShouldBe(1);                                    // the embedding
    }

    private static GenerationOptions Options(int priority, int tokens) => new() { Priority = priority, MaxTokens = tokens, IgnoreEnd = true };

    private static async Task RunAsync(Engine engine, int priority, int tokens, Action onToken) =>
        await engine.CompleteAsync([new GenerationRequest(Prompt, 1, Options(priority, tokens))], (_, _, _) => onToken());

    private static IEnumerable<string> Firsts(List<string> names) => names.Distinct();
}
