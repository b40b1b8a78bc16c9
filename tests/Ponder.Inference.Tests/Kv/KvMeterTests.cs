using Ponder.Inference.Kv;
using Ponder.Models.Transformers;
using Ponder.Numerics.Kernels;

namespace Ponder.Inference.Tests.Kv;

public sealed class KvMeterTests
{
    private static readonly KvLayout Layout = new(layers: 1, kvHeads: 1, headSize: 1, KvFormat.F32);

    [Fact]
    public void Branches_of_one_tree_count_shared_pages_once()
    {
        using var pool = new KvPool(Layout, long.MaxValue);
        KvMeter meter = new(), others = new();
        using var root = pool.Create(meter);
        root.Extend(40);
        using KvSequence left = root.Fork(), right = root.Fork(), stranger = pool.Create(others);
        (meter.Pages, meter.Tokens).ShouldBe((3, 48));
        left.Extend(1);                                         // its own third page
        right.Extend(20);                                       // and this one's, and a fourth
        stranger.Extend(16);
        (meter.Pages, meter.Tokens, meter.Peak).ShouldBe((6, 96, 96));
        others.Pages.ShouldBe(1);
        meter.Sample();
        right.Dispose();
        meter.Pages.ShouldBe(4);
        meter.Sample();
        (meter.Average, meter.Peak).ShouldBe((80.0, 96));
        root.Dispose();
        left.Dispose();
        (meter.Pages, meter.Tokens, others.Tokens).ShouldBe((0, 0, 16));
    }

    [Fact]
    public void A_cached_page_counts_for_who_takes_it_up_first()
    {
        using var pool = new KvPool(Layout, long.MaxValue);
        int[] text = new int[32];
        KvMeter writer = new(), first = new(), second = new();
        using (var sequence = pool.Create(writer))
        {
            sequence.Extend(32);
            sequence.Publish(text, false);
        }
        using KvSequence a = pool.Create(first), b = pool.Create(second);
        a.Adopt(text, false);
        b.Adopt(text, false);
        (writer.Pages, first.Pages, second.Pages).ShouldBe((0, 2, 0));
        a.Dispose();
        first.Pages.ShouldBe(2, "somebody still holds them");
        b.Dispose();
        first.Pages.ShouldBe(0);
    }

    [Fact]
    public void Tokens_are_those_of_the_fullest_group_of_layers()
    {
        using var pool = new KvPool(new KvLayout([0, 16, 16], 1, 1, KvFormat.F32), long.MaxValue);
        var meter = new KvMeter();
        using var sequence = pool.Create(meter);
        for (int i = 0; i < 160; i++)
            sequence.Extend(1);
        (meter.Tokens, pool.UniqueTokens).ShouldBe((160, 160));
        meter.Pages.ShouldBeInRange(11, 13);
        new KvMeter().Average.ShouldBe(0);
    }
}
