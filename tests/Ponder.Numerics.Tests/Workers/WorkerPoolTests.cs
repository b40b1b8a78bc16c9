using Ponder.Numerics.Workers;

namespace Ponder.Numerics.Tests.Workers;

public sealed unsafe class WorkerPoolTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(8)]
    public void Every_piece_runs_exactly_once_in_many_small_loops(int threads)
    {
        using var pool = new WorkerPool(threads);
        var random = new Random(threads);
        var counts = new int[200];
        for (int loop = 0; loop < 3000; loop++)
        {
            int count = random.Next(counts.Length);
            pool.For(count, new Count(counts, threads));
            if (loop % 500 == 0)
                Thread.Sleep(2);                                // the workers park now and then
            for (int i = 0; i < counts.Length; i++)
                counts[i].ShouldBe(i < count ? 1 : 0, $"loop {loop} piece {i} of {count}");
            Array.Clear(counts);
        }
    }

    [Fact]
    public void Callers_on_several_threads_wait_their_turn()
    {
        using var pool = new WorkerPool(3);
        Exception? failure = null;
        Thread[] callers = [.. Enumerable.Range(0, 4).Select(caller => new Thread(() =>
        {
            try
            {
                var counts = new int[17 + caller];
                for (int loop = 1; loop <= 1000; loop++)
                {
                    pool.For(counts.Length, new Count(counts, 3));
                    counts.ShouldAllBe(c => c == loop);
                }
            }
            catch (Exception e)
            {
                failure = e;
            }
        }))];
        Array.ForEach(callers, caller => caller.Start());
        Array.ForEach(callers, caller => caller.Join());
        failure.ShouldBeNull();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void An_error_comes_out_as_it_was_thrown_and_the_pool_works_on(int threads)
    {
        using var pool = new WorkerPool(threads);
        for (int loop = 0; loop < 200; loop++)
        {
            Should.Throw<PonderException>(() => pool.For(50, new Fail(loop % 50))).Message.ShouldBe("piece");
            var counts = new int[50];
            pool.For(50, new Count(counts, threads));
            counts.ShouldAllBe(c => c == 1);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void A_loop_inside_a_loop_of_the_same_pool_is_refused(int threads)
    {
        using var pool = new WorkerPool(threads);
        Should.Throw<InvalidOperationException>(() => pool.For(20, new Nested(pool)));
        var counts = new int[20];
        pool.For(20, new Count(counts, threads));
        counts.ShouldAllBe(c => c == 1);
    }

    [Fact]
    public void Scratch_is_kept_grows_and_is_each_workers_own()
    {
        using var pool = new WorkerPool(3);
        byte* small = pool.Scratch(1, 100);
        ((nint)pool.Scratch(1, 50)).ShouldBe((nint)small);
        ((nint)pool.Scratch(2, 100)).ShouldNotBe((nint)small);
        byte* large = pool.Scratch(1, 1 << 20);
        large[(1 << 20) - 1] = 7;
        ((nint)pool.Scratch(1, 1 << 20)).ShouldBe((nint)large);
    }

    [Fact]
    public void Scratch_that_cannot_grow_is_an_error_and_small_scratch_still_comes()
    {
        using var pool = new WorkerPool(1);
        pool.Scratch(0, 100);
        Should.Throw<PonderException>(() => { pool.Scratch(0, long.MaxValue); });
        pool.Scratch(0, 64)[63] = 1;
    }

    [Fact]
    public void A_loop_allocates_nothing()
    {
        using var pool = new WorkerPool(3);
        var counts = new int[64];
        pool.For(counts.Length, new Count(counts, 3));
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int loop = 0; loop < 1000; loop++)
            pool.For(counts.Length, new Count(counts, 3));
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    [Fact]
    public void A_pool_can_be_disposed_fresh_spinning_and_parked_and_then_refuses_work()
    {
        for (int i = 0; i < 30; i++)
        {
            var pool = new WorkerPool(4);
            if (i % 3 > 0)
                pool.For(8, new Count(new int[8], 4));
            if (i % 3 > 1)
                Thread.Sleep(3);
            pool.Dispose();
            pool.Dispose();
            Should.Throw<ObjectDisposedException>(() => pool.For(8, new Count(new int[8], 4)));
        }
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1025)]
    public void A_number_of_threads_out_of_range_is_refused(int threads) =>
        Should.Throw<ArgumentOutOfRangeException>(() => new WorkerPool(threads));

    [Fact]
    public void Zero_threads_means_the_cores_of_this_process()
    {
        using var pool = new WorkerPool();
        pool.Threads.ShouldBe(CpuTopology.UsableCores);
        CpuTopology.UsableCores.ShouldBeInRange(1, Environment.ProcessorCount);
    }

    private readonly struct Count(int[] counts, int threads) : IParallelBody
    {
        public void Run(int index, int worker)
        {
            if ((uint)worker >= (uint)threads)
                throw new InvalidOperationException($"worker {worker}");
            Interlocked.Increment(ref counts[index]);
        }
    }

    private readonly struct Fail(int piece) : IParallelBody
    {
        public void Run(int index, int worker)
        {
            if (index == piece)
                throw new PonderException("piece");
        }
    }

    private readonly struct Nested(WorkerPool pool) : IParallelBody
    {
        public void Run(int index, int worker) => pool.For(3, new Count(new int[3], pool.Threads));
    }
}
