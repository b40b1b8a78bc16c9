using System.Diagnostics;
using FsCheck;
using FsCheck.Fluent;
using Ponder.Inference.Kv;
using Ponder.Models.Transformers;
using Ponder.Numerics.Kernels;
using Xunit.Abstractions;

namespace Ponder.Inference.Tests.Kv;

public sealed class PrefixTreeTests(ITestOutputHelper output)
{
    private static readonly KvLayout Layout = new(layers: 1, kvHeads: 1, headSize: 1, KvFormat.F32);

    [Theory]
    [InlineData(100, 100, 96)]
    [InlineData(100, 96, 96)]
    [InlineData(100, 95, 80)]                                   // a caller that keeps the last token back
    [InlineData(100, 15, 0)]
    [InlineData(100, 0, 0)]
    [InlineData(15, 100, 0)]
    [InlineData(32, 100, 32)]
    public void The_longest_prefix_of_whole_pages_is_found(int published, int asked, int found)
    {
        using var pool = new KvPool(Layout, long.MaxValue);
        Publish(pool, Text(1, published));
        using var sequence = pool.Create();
        sequence.Adopt(Text(1, asked), false).ShouldBe(found);
        (pool.Lookups, pool.Hits, pool.HitTokens).ShouldBe((1, found > 0 ? 1 : 0, found));
        pool.InUse.ShouldBe(found / 16);
        (pool.InUse + pool.Cached).ShouldBe(published / 16);
    }

    [Fact]
    public void Texts_share_what_they_begin_with_and_no_more()
    {
        using var pool = new KvPool(Layout, long.MaxValue);
        Publish(pool, [.. Text(1, 64), .. Text(2, 64)]);
        Publish(pool, [.. Text(1, 64), .. Text(3, 64)]);
        pool.Cached.ShouldBe(12);
        using var sequence = pool.Create();
        sequence.Adopt([.. Text(1, 64), .. Text(3, 40), .. Text(2, 64)], false).ShouldBe(96);
        using var other = pool.Create();
        other.Adopt([.. Text(1, 64), .. Text(3, 64)], longRope: true).ShouldBe(0);
        using var shifted = pool.Create();
        shifted.Adopt(Text(2, 64), false).ShouldBe(0, "the same tokens elsewhere are other keys");
    }

    [Fact]
    public void The_page_that_was_let_go_first_makes_room()
    {
        using var pool = new KvPool(Layout, 8 * Layout.BytesPerPage);
        Publish(pool, Text(1, 64));
        Publish(pool, Text(2, 64));
        using (var touched = pool.Create())
            touched.Adopt(Text(1, 64), false).ShouldBe(64);
        using var live = pool.Create();
        live.Extend(33);                                        // three pages: the last ones of the second text
        pool.Evictions.ShouldBe(3);
        Find(pool, Text(1, 64)).ShouldBe(64);
        Find(pool, Text(2, 64)).ShouldBe(16);
    }

    [Fact]
    public void What_a_live_sequence_holds_is_never_given_up()
    {
        using var pool = new KvPool(Layout, 4 * Layout.BytesPerPage);
        using var live = pool.Create();
        live.Extend(40);
        live.Publish(Text(1, 40), false);
        using var other = pool.Create();
        other.TryExtend(17).ShouldBeFalse();
        other.TryExtend(16).ShouldBeTrue();
        pool.Clear();
        (live.Length, pool.InUse, pool.Cached, pool.Evictions).ShouldBe((40, 4, 0, 0L));
        Find(pool, Text(1, 40)).ShouldBe(32);
    }

    [Fact]
    public void Of_two_that_computed_the_same_the_first_ones_pages_stay()
    {
        using var pool = new KvPool(Layout, long.MaxValue);
        using KvSequence first = Computed(pool, 40), second = Computed(pool, 60), fork = second.Fork();
        first.Publish(Text(1, 40), false);
        second.Publish(Text(1, 60), false);
        for (int i = 0; i < 2; i++)
            second.Pages[i].ShouldBe(first.Pages[i]);
        fork.Pages[0].ShouldNotBe(first.Pages[0], "a forward pass may be reading the table that was shared");
        fork.Publish(Text(1, 60), false);
        pool.InUse.ShouldBe(3 + 2);                             // two pages of the first text and its tail; the third and the tail of the second
    }

    [Fact]
    public void A_rolled_back_sequence_writes_its_own_page_and_leaves_the_cached_one()
    {
        using var pool = new KvPool(Layout, long.MaxValue);
        using var sequence = Computed(pool, 48);
        sequence.Publish(Text(1, 48), false);
        nint cached = sequence.Pages[1];
        sequence.Truncate(20);
        sequence.Extend(12);
        sequence.Pages[1].ShouldNotBe(cached);
        sequence.Publish([.. Text(1, 20), .. Text(2, 12)], false);
        Find(pool, Text(1, 48)).ShouldBe(48);
        Find(pool, [.. Text(1, 20), .. Text(2, 12)]).ShouldBe(32);
    }

    [Fact]
    public void A_cached_page_that_alone_stands_in_the_way_is_forgotten()
    {
        using var pool = new KvPool(Layout, 2 * Layout.BytesPerPage);
        using var sequence = Computed(pool, 32);
        sequence.Publish(Text(1, 32), false);
        sequence.Truncate(20);
        sequence.TryExtend(12).ShouldBeTrue();                  // there is no third page to copy to
        Find(pool, Text(1, 32)).ShouldBe(16);
    }

    [Fact]
    public void Without_a_cache_nothing_is_found()
    {
        using var pool = new KvPool(Layout, long.MaxValue, cachePrefixes: false);
        Publish(pool, Text(1, 64));
        Find(pool, Text(1, 64)).ShouldBe(0);
        pool.Clear();
        (pool.InUse, pool.Cached, pool.Lookups).ShouldBe((0, 0, 0L));
    }

    [Fact]
    public void What_has_a_prefix_already_cannot_take_another_and_texts_must_be_whole()
    {
        using var pool = new KvPool(Layout, long.MaxValue);
        using var sequence = Computed(pool, 20);
        Should.Throw<InvalidOperationException>(() => sequence.Adopt(Text(1, 20), false));
        Should.Throw<ArgumentOutOfRangeException>(() => sequence.Publish(Text(1, 19), false));
    }

    [Fact]
    public void What_can_be_held_by_arithmetic_can_be_held()
    {
        var cases =
            from window in Gen.Elements(0, 5, 24, 100)
            from pages in Gen.Choose(1, 40)
            from tokens in Gen.Choose(0, 400)
            from chunk in Gen.Choose(1, 90)
            from prompt in Gen.Choose(0, 400)
            select (window, pages, tokens, chunk, prompt);
        Prop.ForAll(cases.ToArbitrary(), c =>
        {
            var layout = new KvLayout([0, c.window, c.window], 1, 1, KvFormat.F32);
            using var pool = new KvPool(layout, c.pages * layout.Groups[0].BytesPerPage);
            Publish(pool, Text(1, Math.Min(c.prompt, c.pages / 3 * 16)));
            using var sequence = pool.Create();
            bool fits = true;
            while (fits && sequence.Length < c.tokens)
                fits = sequence.TryExtend(Math.Min(c.chunk, c.tokens - sequence.Length));
            if (pool.CanHold(c.tokens, c.chunk))
                fits.ShouldBeTrue();
            if (c.window == 0)
                fits.ShouldBe(pool.CanHold(c.tokens, c.chunk));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));
    }

    [Fact]
    public void Taking_and_giving_2000_tokens_costs_little_and_allocates_only_the_sequence()
    {
        using var pool = new KvPool(Layout, long.MaxValue);
        int[] text = Text(1, 2000);
        double adopt = double.MaxValue, publish = double.MaxValue, again = double.MaxValue;
        long allocated = 0;
        for (int run = 0; run < 20; run++)
        {
            using var sequence = Computed(pool, 2000);
            publish = Math.Min(publish, Microseconds(() => sequence.Publish(text, false)));
            again = Math.Min(again, Microseconds(() => sequence.Publish(text, false)));
            using var adopter = pool.Create();
            adopt = Math.Min(adopt, Microseconds(() => adopter.Adopt(text, false)));
            sequence.Dispose();
            adopter.Dispose();
            long before = GC.GetAllocatedBytesForCurrentThread();
            using (var next = pool.Create())
            {
                next.Adopt(text, false);
                next.Extend(16);
                next.Publish(Longer, false);
            }
            pool.Clear();
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        }
        output.WriteLine($"2,000 tokens: publish {publish:0} us, again {again:0.0} us, adopt {adopt:0} us; {allocated} bytes");
        allocated.ShouldBeLessThan(200);
        publish.ShouldBeLessThan(2000);
        adopt.ShouldBeLessThan(2000);
    }

    private static int[] Longer { get; } = Text(1, 2016);

    private static double Microseconds(Action action)
    {
        long start = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(start).TotalMicroseconds;
    }

    private static int[] Text(int seed, int tokens) => [.. Enumerable.Range(0, tokens).Select(i => seed * 1000 + i % 100)];

    private static KvSequence Computed(KvPool pool, int tokens)
    {
        var sequence = pool.Create();
        sequence.Extend(tokens);
        return sequence;
    }

    private static void Publish(KvPool pool, int[] text)
    {
        using var sequence = Computed(pool, text.Length);
        sequence.Publish(text, false);
    }

    private static int Find(KvPool pool, int[] text)
    {
        using var sequence = pool.Create();
        return sequence.Adopt(text, false);
    }
}
