using System.Diagnostics;
using FsCheck;
using FsCheck.Fluent;
using Ponder.Inference.Kv;
using Ponder.Models.Transformers;
using Ponder.Numerics.Kernels;
using Xunit.Abstractions;

namespace Ponder.Inference.Tests.Kv;

public sealed unsafe class KvSequenceTests(ITestOutputHelper output)
{
    private static readonly KvLayout Layout = new(layers: 1, kvHeads: 1, headSize: 1, KvFormat.F32);

    /// <summary>What to do with one of the branches; <c>Branch</c> counts modulo those that live.</summary>
    private sealed record Step(string Kind, int Branch, int Tokens);

    private static readonly Arbitrary<Step[]> Steps = (
        from kind in Gen.Elements("fork", "fork", "extend", "extend", "extend", "truncate", "dispose")
        from branch in Gen.Choose(0, 1000)
        from tokens in Gen.Choose(0, 40)
        select new Step(kind, branch, tokens)).ArrayOf().ToArbitrary();

    [Fact]
    public void Any_interleaving_of_fork_extend_truncate_and_dispose_keeps_every_branchs_own_values() =>
        Prop.ForAll(Steps, steps => Replay(steps, memoryLimit: long.MaxValue)).Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    [Fact]
    public void A_memory_limit_leaves_every_branch_as_it_was() =>
        Prop.ForAll(Steps, steps => Replay(steps, memoryLimit: 5 * Layout.BytesPerPage)).Check(Config.QuickThrowOnFailure.WithMaxTest(300));

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
    public void Ten_thousand_forks_of_2000_tokens_take_no_page()
    {
        using var pool = new KvPool(Layout, long.MaxValue);
        using var prefix = new KvSequence(pool);
        prefix.Extend(2000);
        var forks = new List<KvSequence>(10_000);
        var watch = Stopwatch.StartNew();
        for (int i = 0; i < 10_000; i++)
            forks.Add(prefix.Fork());
        output.WriteLine($"10,000 forks: {watch.Elapsed.TotalMilliseconds:0} ms");
        pool.InUse.ShouldBe(125);
        forks.ForEach(fork => fork.Dispose());
        pool.InUse.ShouldBe(125);
    }

    /// <summary>Runs the steps beside a model that keeps each branch's values in a list of its own.</summary>
    private static void Replay(Step[] steps, long memoryLimit)
    {
        using var pool = new KvPool(Layout, memoryLimit);
        var branches = new List<(KvSequence Sequence, List<float> Values)> { (new KvSequence(pool), []) };
        int tag = 0;
        foreach (var step in steps)
        {
            if (branches.Count == 0)
                branches.Add((new KvSequence(pool), []));
            var (sequence, values) = branches[step.Branch % branches.Count];
            switch (step.Kind)
            {
                case "fork":
                    branches.Add((sequence.Fork(), [.. values]));
                    break;
                case "extend":
                    try
                    {
                        sequence.Extend(step.Tokens);
                    }
                    catch (KvMemoryException) when (memoryLimit < long.MaxValue)
                    {
                        break;
                    }
                    for (int i = 0; i < step.Tokens; i++)
                    {
                        values.Add(++tag);
                        *Slot(sequence, values.Count - 1) = tag;
                    }
                    break;
                case "truncate":
                    int length = Math.Min(step.Tokens, values.Count);
                    sequence.Truncate(length);
                    values.RemoveRange(length, values.Count - length);
                    break;
                default:
                    sequence.Dispose();
                    branches.RemoveAt(step.Branch % branches.Count);
                    break;
            }
            foreach (var (other, expected) in branches)
            {
                other.Length.ShouldBe(expected.Count);
                other.Pages.Count.ShouldBe(KvLayout.PagesFor(expected.Count));
                for (int i = 0; i < expected.Count; i++)
                    (*Slot(other, i)).ShouldBe(expected[i], $"position {i} after {step}");
            }
        }
        pool.InUse.ShouldBe(branches.SelectMany(b => Enumerable.Range(0, b.Sequence.Pages.Count).Select(p => b.Sequence.Pages[p])).Distinct().Count());
        (pool.Peak * Layout.BytesPerPage).ShouldBeLessThanOrEqualTo(memoryLimit);
        branches.ForEach(branch => branch.Sequence.Dispose());
        pool.InUse.ShouldBe(0);
    }

    private static float* Slot(KvSequence sequence, int position) =>
        (float*)sequence.Pages[position / Attention.PageTokens] + position % Attention.PageTokens;
}
