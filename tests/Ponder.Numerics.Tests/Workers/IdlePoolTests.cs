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

    private readonly struct Nothing : IParallelBody
    {
        public void Run(int index, int worker)
        {
        }
    }
}
