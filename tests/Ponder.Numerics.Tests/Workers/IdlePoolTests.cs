using System.Diagnostics;
using Ponder.Numerics.Workers;

namespace Ponder.Numerics.Tests.Workers;

/// <summary>Measures the processor time of the process: runs when no other test does.</summary>
[CollectionDefinition(nameof(IdlePoolTests), DisableParallelization = true)]
[Collection(nameof(IdlePoolTests))]
public sealed class IdlePoolTests
{
    [Fact]
    public void An_idle_pool_parks()
    {
        using var pool = new WorkerPool(4);
        pool.For(64, new Nothing());
        // Of some tries the quietest counts, for the runtime's own threads work too. Spinning workers would use a core and more in each.
        var least = TimeSpan.MaxValue;
        for (int i = 0; i < 10 && least > TimeSpan.FromMilliseconds(10); i++)
        {
            using var process = Process.GetCurrentProcess();
            var before = process.TotalProcessorTime;
            Thread.Sleep(200);
            process.Refresh();
            var used = process.TotalProcessorTime - before;
            least = used < least ? used : least;
        }
        least.ShouldBeLessThan(TimeSpan.FromMilliseconds(50));
    }

    [Fact]
    public void A_thread_spins_for_less_than_a_millisecond_after_its_work()
    {
        using var pool = new WorkerPool(2);
        // Each round wakes the worker once; what a round costs beyond the caller's own moment is the worker's spinning. The quietest try counts.
        var least = TimeSpan.MaxValue;
        for (int attempt = 0; attempt < 10 && least > TimeSpan.FromMilliseconds(1); attempt++)
        {
            const int rounds = 20;
            using var process = Process.GetCurrentProcess();
            var before = process.TotalProcessorTime;
            for (int i = 0; i < rounds; i++)
            {
                pool.For(2, new Nothing());
                Thread.Sleep(5);
            }
            process.Refresh();
            var used = (process.TotalProcessorTime - before) / rounds;
            least = used < least ? used : least;
        }
        least.ShouldBeLessThan(TimeSpan.FromMilliseconds(1));
    }

    private readonly struct Nothing : IParallelBody
    {
        public void Run(int index, int worker)
        {
        }
    }
}
