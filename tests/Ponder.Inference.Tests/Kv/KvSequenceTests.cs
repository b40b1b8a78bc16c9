using System.Diagnostics;
using Ponder.Inference.Kv;
using Ponder.Models.Transformers;
using Ponder.Numerics.Kernels;
using Xunit.Abstractions;

namespace Ponder.Inference.Tests.Kv;

public sealed class KvSequenceTests(ITestOutputHelper output)
{
    private static readonly KvLayout Layout = new(layers: 1, kvHeads: 1, headSize: 1, KvFormat.F32);

    [Fact]
    public void Fork_shares_pages_until_written()
    {
        using var pool = new KvPool(Layout, long.MaxValue);
        using var first = new KvSequence(pool);
        first.Extend(40);                                       // two full pages and half of a third
        pool.InUse.ShouldBe(3);
        using var second = first.Fork();
        using var third = second.Fork();
        pool.InUse.ShouldBe(3);
        second.Extend(1);                                       // writes into the half page: a copy
        pool.InUse.ShouldBe(4);
        third.Extend(1);
        pool.InUse.ShouldBe(5);
        first.Extend(1);                                        // the last holder needs none
        pool.InUse.ShouldBe(5);
        second.Pages[1].ShouldBe(first.Pages[1]);
        second.Pages[2].ShouldNotBe(first.Pages[2]);
    }

    [Fact]
    public void A_fork_at_a_page_boundary_copies_nothing()
    {
        using var pool = new KvPool(Layout, long.MaxValue);
        using var first = new KvSequence(pool);
        first.Extend(2 * Attention.PageTokens);
        using var second = first.Fork();
        second.Extend(1);
        pool.InUse.ShouldBe(3);
        pool.Peak.ShouldBe(3);
    }

    [Fact]
    public void A_reached_limit_names_limit_and_pages()
    {
        using var pool = new KvPool(Layout, 2 * Layout.BytesPerPage);
        using var sequence = new KvSequence(pool);
        Should.Throw<KvMemoryException>(() => sequence.Extend(33)).Message.ShouldContain("limit");
        sequence.Length.ShouldBe(0);
        pool.InUse.ShouldBe(0);
        sequence.Extend(32);
        pool.InUse.ShouldBe(2);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(6)]
    public void Rolling_back_to_where_it_never_was_is_refused(int length)
    {
        using var pool = new KvPool(Layout, long.MaxValue);
        using var sequence = new KvSequence(pool);
        sequence.Extend(5);
        Should.Throw<ArgumentOutOfRangeException>(() => sequence.Truncate(length));
    }

    [Fact]
    public void Ten_thousand_forks_of_2000_tokens_take_no_page_and_little_time()
    {
        using var pool = new KvPool(Layout, long.MaxValue);
        using var prefix = pool.Create();
        prefix.Extend(2000);
        var forks = new List<KvSequence>(10_000);
        double best = double.MaxValue;
        for (int run = 0; run < 3; run++)
        {
            var watch = Stopwatch.StartNew();
            for (int i = 0; i < 10_000; i++)
                forks.Add(prefix.Fork());
            best = Math.Min(best, watch.Elapsed.TotalMilliseconds);
            pool.InUse.ShouldBe(125);
            forks.ForEach(fork => fork.Dispose());
            forks.Clear();
        }
        output.WriteLine($"10,000 forks: {best:0.0} ms");
        best.ShouldBeLessThan(50);
        pool.InUse.ShouldBe(125);
    }

    [Fact]
    public void Writing_on_allocates_nothing_on_the_managed_heap()
    {
        using var pool = new KvPool(Layout, long.MaxValue);
        using var prefix = pool.Create(new KvMeter());
        prefix.Reserve(4000);
        prefix.Extend(4000);                                    // the pool has pages from here on
        prefix.Truncate(40);
        using var branch = prefix.Fork();
        branch.Extend(1);                                       // a table of its own
        for (int i = 0; i < 100; i++)
            branch.Extend(1);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 2000; i++)
            branch.Extend(1);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    [Fact]
    public void A_fork_reads_its_origins_table_until_one_writes()
    {
        using var pool = new KvPool(Layout, long.MaxValue);
        using var origin = pool.Create();
        origin.Extend(40);
        var table = origin.Pages;
        using var fork = origin.Fork();
        fork.Pages.ShouldBeSameAs(table);
        fork.Extend(1);
        fork.Pages.ShouldNotBeSameAs(table);
        origin.Pages.ShouldBeSameAs(table);                     // a forward pass may be reading it
        origin.Extend(1);
        origin.Pages.ShouldBeSameAs(table);
    }

    [Theory]
    [InlineData(int.MaxValue)]
    [InlineData(int.MaxValue - 5)]
    [InlineData(1 << 20)]
    public void More_than_the_limit_is_refused_and_changes_nothing(int tokens)
    {
        using var pool = new KvPool(Layout, 4 * Layout.BytesPerPage);
        using var sequence = pool.Create();
        sequence.Extend(10);
        pool.CanHold(tokens).ShouldBeFalse();
        sequence.TryExtend(tokens).ShouldBeFalse();
        Should.Throw<KvMemoryException>(() => sequence.Extend(tokens));
        (sequence.Length, sequence.Pages.Count, pool.InUse).ShouldBe((10, 1, 1));
        sequence.TryExtend(54).ShouldBeTrue();
        sequence.TryExtend(1).ShouldBeFalse();
    }

    [Fact]
    public void A_disposed_sequence_can_be_disposed_again_and_no_more()
    {
        using var pool = new KvPool(Layout, long.MaxValue);
        var sequence = pool.Create();
        sequence.Extend(5);
        sequence.Dispose();
        sequence.Dispose();
        pool.InUse.ShouldBe(0);
        Should.Throw<ObjectDisposedException>(() => sequence.Extend(1));
        Should.Throw<ObjectDisposedException>(() => sequence.Fork());
    }
}
