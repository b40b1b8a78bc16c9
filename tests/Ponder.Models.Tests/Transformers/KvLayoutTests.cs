using Ponder.Models.Transformers;
using Ponder.Numerics.Kernels;

namespace Ponder.Models.Tests.Transformers;

public sealed class KvLayoutTests
{
    [Fact]
    public void Layers_that_see_equally_far_share_pages()
    {
        var layout = new KvLayout([24, 0, 24, 8, 24], 2, 4, KvFormat.F16);
        layout.Groups.Select(group => (group.Layers, group.Window)).ShouldBe([(1, 0), (1, 8), (3, 24)]);
        Enumerable.Range(0, 5).Select(layout.GroupOf).ShouldBe([2, 0, 2, 1, 2]);
        Enumerable.Range(0, 5).Select(layer => layout.OffsetOf(layer) / (nint)layout.BytesPerLayer).ShouldBe([0, 0, 1, 0, 2]);
        layout.Groups.Sum(group => group.BytesPerPage).ShouldBe(layout.BytesPerPage);
        layout.BytesPerPage.ShouldBe(5 * 2 * 2 * 4 * 16 * sizeof(short));
    }

    [Theory]
    [InlineData(0, 1000, 0)]
    [InlineData(24, 0, 0)]
    [InlineData(24, 38, 0)]
    [InlineData(24, 39, 1)]                                     // the query at 39 sees 16 and what follows
    [InlineData(1, 32, 2)]
    [InlineData(int.MaxValue, int.MaxValue, 0)]
    public void A_page_is_needed_as_long_as_the_next_query_sees_a_position_of_it(int window, int length, int page) =>
        new KvGroup(1, window, 1).FirstNeededPage(length).ShouldBe(page);

    [Fact]
    public void Pages_must_fit_the_models_groups_of_layers()
    {
        using PageTable one = new(), two = new(2);
        one.Add(1);
        two.Add(1);
        two[1, 0].ShouldBe(0);
        var batch = new Batch();
        batch.Add([1], 0, one, false, OutputRows.None);
        Should.Throw<ArgumentException>(() => batch.Add([1], 0, two, false, OutputRows.None)).Message.ShouldContain("2 groups");
        batch.Clear();
        batch.Add([1], 0, two, false, OutputRows.None);
    }

    [Fact]
    public void A_table_keeps_its_pages_when_it_grows_or_is_copied()
    {
        using PageTable table = new(3), copy = new(3);
        copy.Add(7);
        for (int i = 0; i < 100; i++)
        {
            table.Add(i);
            table[2, i] = 1000 + i;
        }
        copy.CopyFrom(table);
        copy.Count.ShouldBe(100);
        for (int i = 0; i < 100; i++)
            (copy[0, i], copy[1, i], copy[2, i]).ShouldBe((i, 0, 1000 + i));
        table.RemoveLast();
        (table.Count, copy.Count).ShouldBe((99, 100));
        Should.Throw<ArgumentOutOfRangeException>(() => table[0, 99]);
        Should.Throw<ArgumentOutOfRangeException>(() => table[3, 0]);
    }
}
