using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace Ponder.Inference.Tests.Engines;

/// <summary>
/// Callers on several threads do everything at once, in random order, on an engine with too little memory. PONDER_SOAK_SECONDS says for how long, and
/// PONDER_SOAK_SEED repeats a run's choices.
/// </summary>
[CollectionDefinition(nameof(SoakTests), DisableParallelization = true)]        // it watches the memory of the whole process
[Collection(nameof(SoakTests))]
public sealed class SoakTests
{
    private const long Page = PuzzleModels.PageBytes;
    private const int Callers = 5;
    private const long MegaByte = 1 << 20;

    private static readonly double Seconds = Setting("PONDER_SOAK_SECONDS", 60);
    private static readonly int Seed = (int)Setting("PONDER_SOAK_SEED", Environment.TickCount & 0xFFFF);

    [Fact]
    public async Task Anything_at_any_time_leaves_no_page_no_open_stream_and_no_wrong_answer()
    {
        var errors = new ConcurrentQueue<Exception>();
        void Collect(object? sender, UnobservedTaskExceptionEventArgs e) => errors.Enqueue(e.Exception);
        TaskScheduler.UnobservedTaskException += Collect;
        try
        {
            var work = await SoakWork.PrepareAsync();
            using var engine = PuzzleModels.LoadPolicy(new EngineOptions
            {
                Threads = 2,
                KvMemoryBytes = 17 * Page,
                MaxBranches = 6,
                ChunkTokens = 24,
                SharedChunkTokens = 9,
                StreamTokens = 3,
            });
            var warm = await RunAsync(engine, work, Seconds / 4, Seed);
            long managed = GC.GetTotalMemory(forceFullCollection: true), resident = Resident();
            var done = await RunAsync(engine, work, Seconds * 3 / 4, Seed + 1000);
            long moreManaged = GC.GetTotalMemory(forceFullCollection: true) - managed, moreResident = Resident() - resident;

            (moreManaged < 48 * MegaByte).ShouldBeTrue($"seed {Seed}: the managed heap grew by {moreManaged / MegaByte} MiB");
            (moreResident < 256 * MegaByte).ShouldBeTrue($"seed {Seed}: the process grew by {moreResident / MegaByte} MiB");
            done.Sum().ShouldBeGreaterThan(0);
            if (Seconds >= 10)
                warm.Zip(done, (a, b) => a + b).ShouldAllBe(count => count > 0, $"seed {Seed}: something was never done: {string.Join(' ', done)}");
            engine.Statistics.Preemptions.ShouldBeGreaterThan(0, "the memory was not short");
        }
        finally
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            TaskScheduler.UnobservedTaskException -= Collect;
        }
        errors.ShouldBeEmpty($"seed {Seed}");
    }

    /// <summary>Lets the callers work for a time.</summary>
    /// <returns>How often each kind of work was done.</returns>
    private static async Task<int[]> RunAsync(Engine engine, SoakWork work, double seconds, int seed)
    {
        int[] counts = new int[SoakWork.Kinds];
        long start = Stopwatch.GetTimestamp();
        using var failed = new CancellationTokenSource();
        Task[] callers = [.. Enumerable.Range(0, Callers).Select(caller => Task.Run(() => CallAsync(new Random(seed + caller), seed + caller)))];
        await Task.WhenAll(callers).WaitAsync(TimeSpan.FromSeconds(seconds + 120));       // longer: something hangs
        for (int wait = 0; engine.KvPagesInUse > 0 && wait < 100; wait++)
            await Task.Delay(20);                               // branches that were disposed while they ran
        engine.KvPagesInUse.ShouldBe(0, $"seed {Seed}");
        engine.Statistics.Running.ShouldBe(0, $"seed {Seed}");
        engine.Statistics.Waiting.ShouldBe(0, $"seed {Seed}");
        return counts;

        async Task CallAsync(Random random, int callerSeed)
        {
            while (Stopwatch.GetElapsedTime(start).TotalSeconds < seconds && !failed.IsCancellationRequested)
            {
                int kind = random.Next(SoakWork.Kinds);
                try
                {
                    await work.DoAsync(kind, engine, random);
                    Interlocked.Increment(ref counts[kind]);
                }
                catch (Exception error)
                {
                    await failed.CancelAsync();
                    throw new InvalidOperationException($"seed {Seed}, caller {callerSeed}, work {kind}: {error.Message}", error);
                }
            }
        }
    }

    private static long Resident()
    {
        using var process = Process.GetCurrentProcess();
        return process.WorkingSet64;
    }

    private static double Setting(string name, double value) =>
        double.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out double set) ? set : value;
}
