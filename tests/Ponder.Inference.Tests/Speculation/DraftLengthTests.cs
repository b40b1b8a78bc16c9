using Ponder.Inference.Speculation;

namespace Ponder.Inference.Tests.Speculation;

public sealed class DraftLengthTests
{
    [Fact]
    public void Drafts_that_are_kept_grow_to_the_most()
    {
        var length = new DraftLength(20);
        List<int> lengths = [];
        for (int i = 0; i < 5; i++)
        {
            lengths.Add(length.Next);
            length.Record(length.Next, length.Next);
        }
        lengths.ShouldBe([4, 8, 16, 20, 20]);
        length.Record(20, 5);
        length.Next.ShouldBe(6);
        new DraftLength(2).Next.ShouldBe(2);
    }

    [Fact]
    public void Drafts_that_are_never_kept_become_rare_and_never_cease()
    {
        var length = new DraftLength(16);
        int drafted = 0, last = 0;
        for (int step = 1; step <= 1000; step++)
        {
            int next = length.Next;
            if (next == 0)
            {
                length.Skip();
                continue;
            }
            drafted += next;
            last = step;
            length.Record(next, 0);
        }
        drafted.ShouldBeLessThan(30);
        last.ShouldBeGreaterThan(900);
    }

    [Fact]
    public void One_draft_that_is_kept_ends_the_pauses()
    {
        var length = new DraftLength(16);
        for (int i = 0; i < 6; i++)
            length.Record(1, 0);
        for (int i = 0; i < 32; i++)
            length.Skip();
        length.Next.ShouldBe(1);
        length.Record(1, 1);
        length.Next.ShouldBe(4);
        length.Record(4, 0);
        length.Next.ShouldBe(0);
        length.Skip();
        length.Next.ShouldBe(1);
    }
}
