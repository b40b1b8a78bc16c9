using Ponder.Inference.Generation;
using Ponder.Inference.Sampling;
using Ponder.Inference.Speculation;

namespace Ponder.Inference.Tests.Generation;

/// <summary>Counts what is allocated, by other threads too: runs when no other test does.</summary>
[CollectionDefinition(nameof(AllocationTests), DisableParallelization = true)]
[Collection(nameof(AllocationTests))]
public sealed class AllocationTests
{
    private const int First = 16, Last = 115;                   // tokens of an answer between which nothing may be allocated

    // A stop text that never comes, so that the search for it is measured too.
    private static readonly GenerationOptions Greedy = new()
    {
        Sampling = SamplingOptions.Greedy,
        MaxTokens = Last + 10,
        IgnoreEnd = true,
        Stop = ["\u0001\u0002"],
    };

    private static readonly GenerationOptions Drawn = Greedy with
    {
        Sampling = new SamplingOptions { Temperature = 0.9, TopK = 40, TopP = 0.95, MinP = 0.01, Seed = 5 },
        LogProbabilities = true,
    };

    [Theory]
    [InlineData(1, false, false)]
    [InlineData(1, true, false)]
    [InlineData(32, false, false)]
    [InlineData(32, true, false)]
    [InlineData(1, false, true)]
    [InlineData(1, true, true)]
    [InlineData(32, false, true)]                               // greedy: all come equally far, and none ends while others are measured
    public async Task Steps_allocate_nothing(int branches, bool drawn, bool drafted)
    {
        using var engine = PuzzleModels.LoadPolicy(new EngineOptions { Threads = 1 });     // every piece of work runs on the thread that is measured
        var options = (drawn ? Drawn : Greedy) with { Speculation = drafted ? new SpeculationOptions { MinMatch = 1 } : null };
        var request = new GenerationRequest(PuzzleModels.Prompts[0], branches, options);
        (await LeastAsync(() => AllocatedBySteps(engine, request))).ShouldBe(0);
    }

    [Fact]
    public async Task A_stream_whose_reader_keeps_up_allocates_nothing() => (await LeastAsync(AllocatedByStream)).ShouldBe(0);

    /// <summary>
    /// Of some runs the one that allocates least: the first makes the KV pages and the texts of tokens, and the test host's threads allocate now and then.
    /// </summary>
    private static async Task<long> LeastAsync(Func<Task<long>> run)
    {
        long least = long.MaxValue;
        for (int attempt = 0; attempt < 20 && least > 0; attempt++)
            least = Math.Min(least, await run());
        return least;
    }

    private static async Task<long> AllocatedBySteps(Engine engine, GenerationRequest request)
    {
        long before = 0, after = 0;
        int number = 0, from = First * request.Samples, to = Last * request.Samples;
        void Count(int index, int sample, GeneratedToken token)
        {
            if (number == from)
                before = GC.GetAllocatedBytesForCurrentThread();
            else if (number == to)
                after = GC.GetAllocatedBytesForCurrentThread();
            number++;
        }
        await engine.CompleteAsync([request], Count);
        after.ShouldBeGreaterThan(0);
        return after - before;
    }

    private static async Task<long> AllocatedByStream()
    {
        long before = 0, after = 0;
        int taken = 0;
        var tokens = WorkStream.ReadAsync<GeneratedToken>((put, _) => Task.Factory.StartNew(
            () =>
            {
                for (int i = 0; i < Last + 10; i++)
                {
                    while (Volatile.Read(ref taken) < i)
                        Thread.Yield();
                    put(new GeneratedToken(i, "", null, null));
                }
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default));
        await foreach (var token in tokens)
        {
            if (token.Id == First)
                before = GC.GetTotalAllocatedBytes(precise: true);
            else if (token.Id == Last)
                after = GC.GetTotalAllocatedBytes(precise: true);
            Volatile.Write(ref taken, token.Id + 1);
        }
        after.ShouldBeGreaterThan(0);
        return after - before;
    }
}
