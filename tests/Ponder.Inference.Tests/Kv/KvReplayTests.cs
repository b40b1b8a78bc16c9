using FsCheck;
using FsCheck.Fluent;
using Ponder.Inference.Kv;
using Ponder.Models.Transformers;
using Ponder.Numerics.Kernels;

namespace Ponder.Inference.Tests.Kv;

/// <summary>
/// Any order of operations on any number of branches, beside a model that keeps every branch's tokens in a list of its own. What a page holds at a
/// position is a function of the tokens up to there, as with real keys and values.
/// </summary>
public sealed unsafe class KvReplayTests
{
    /// <summary>What to do with one of the branches; <c>Branch</c> counts modulo those that live, <c>Text</c> seeds new tokens.</summary>
    private sealed record Step(string Kind, int Branch, int Tokens, int Text);

    private static readonly Arbitrary<Step[]> Steps = (
        from kind in Gen.Elements("new", "fork", "fork", "extend", "extend", "extend", "truncate", "publish", "publish", "adopt", "adopt", "dispose", "clear")
        from branch in Gen.Choose(0, 1000)
        from tokens in Gen.Choose(0, 70)
        from text in Gen.Choose(0, 2)
        select new Step(kind, branch, tokens, text)).ArrayOf().ToArbitrary();

    private sealed record Branch(KvSequence Sequence, List<int> Tokens, KvMeter Meter);

    [Theory]
    [InlineData(long.MaxValue, 0)]
    [InlineData(24, 0)]
    [InlineData(long.MaxValue, 24)]
    [InlineData(long.MaxValue, 0, 24)]
    [InlineData(30, 0, 24, 24)]
    [InlineData(24, 24, 40)]
    [InlineData(40, 0, 1, 17, 0)]
    [InlineData(12, 33)]
    public void Every_branch_keeps_its_own_values_and_memory_its_limit(long limitInPages, params int[] windows)
    {
        var layout = new KvLayout(windows, 1, 1, KvFormat.F32);
        long limit = limitInPages == long.MaxValue ? limitInPages : limitInPages * layout.BytesPerPage / 2;
        long hits = 0, evictions = 0;
        Prop.ForAll(Steps, steps =>
        {
            var (found, evicted) = Replay.Run(layout, limit, steps);
            hits += found;
            evictions += evicted;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(60).WithEndSize(120));
        hits.ShouldBeGreaterThan(0);
        evictions.ShouldBeGreaterThan(0);
    }

    private sealed class Replay(KvLayout layout, long limit, KvPool pool)
    {
        private readonly List<Branch> _branches = [];
        private readonly List<KvMeter> _meters = [];
        private readonly List<int[]> _published = [];           // whole pages of tokens

        /// <summary>Hits and evictions.</summary>
        public static (long Hits, long Evictions) Run(KvLayout layout, long limit, Step[] steps)
        {
            using var pool = new KvPool(layout, limit);
            var replay = new Replay(layout, limit, pool);
            foreach (var step in steps)
            {
                replay.Apply(step);
                foreach (var branch in replay._branches)
                    replay.Check(branch, step);
                replay.CheckCounters();
            }
            replay._branches.ForEach(branch => branch.Sequence.Dispose());
            pool.InUse.ShouldBe(0);
            pool.BytesInUse.ShouldBe(0);
            pool.UniqueTokens.ShouldBe(0);
            replay._meters.ShouldAllBe(meter => meter.Pages == 0 && meter.Tokens == 0);
            pool.Clear();
            pool.Cached.ShouldBe(0);
            pool.Tree!.Nodes.ShouldBe(0);
            return (pool.Hits, pool.Evictions);
        }

        private void Apply(Step step)
        {
            if (_branches.Count == 0 || step.Kind == "new")
                Create();
            var branch = _branches[step.Branch % _branches.Count];
            var (sequence, tokens, meter) = branch;
            switch (step.Kind)
            {
                case "fork":
                    _branches.Add(new Branch(sequence.Fork(), [.. tokens], meter));
                    break;
                case "extend":
                    Extend(branch, step);
                    break;
                case "truncate":
                    int asked = Math.Max(0, tokens.Count - step.Tokens);
                    sequence.Truncate(asked);
                    sequence.Length.ShouldBeOneOf(0, asked);
                    if (layout.Groups.All(group => group.Window == 0))
                        sequence.Length.ShouldBe(asked);
                    tokens.RemoveRange(sequence.Length, tokens.Count - sequence.Length);
                    break;
                case "publish":
                    sequence.Publish([.. tokens, 99], false);
                    _published.Add([.. tokens.Take(tokens.Count / 16 * 16)]);
                    break;
                case "adopt":
                    Adopt(_published.Count == 0 ? [] : _published[step.Tokens % _published.Count], step);
                    break;
                case "clear":
                    pool.Clear();
                    pool.Cached.ShouldBe(0);
                    break;
                case "dispose":
                    sequence.Dispose();
                    _branches.Remove(branch);
                    break;
            }
        }

        private Branch Create()
        {
            var meter = new KvMeter();
            _meters.Add(meter);
            _branches.Add(new Branch(pool.Create(meter), [], meter));
            return _branches[^1];
        }

        private void Extend(Branch branch, Step step)
        {
            var (sequence, tokens, _) = branch;
            int before = pool.InUse;
            if (!sequence.TryExtend(step.Tokens))
            {
                (pool.BytesInUse + (step.Tokens / 16 + 2) * layout.BytesPerPage).ShouldBeGreaterThan(limit);
                pool.Cached.ShouldBe(0, "what is cached goes first");
                pool.InUse.ShouldBeLessThanOrEqualTo(before);
                return;
            }
            for (int i = 0; i < step.Tokens; i++)
            {
                tokens.Add(step.Text);                          // few texts, so that branches happen to agree
                Write(branch, tokens.Count - 1);
            }
        }

        private void Adopt(int[] text, Step step)
        {
            var branch = Create();
            int[] asked = [.. text, .. Enumerable.Repeat(step.Text, step.Branch % 40)];
            int length = branch.Sequence.Adopt(asked, false);
            length.ShouldBe(branch.Sequence.Length);
            (length % 16).ShouldBe(0);
            branch.Tokens.AddRange(asked[..length]);
            branch.Sequence.Pages.Count.ShouldBe(length / 16);
            using var other = pool.Create();
            other.Adopt(asked, true).ShouldBe(0, "nothing was published with long factors");
        }

        private void Check(Branch branch, Step step)
        {
            var (sequence, tokens, _) = branch;
            sequence.Length.ShouldBe(tokens.Count);
            sequence.Pages.Count.ShouldBe(KvLayout.PagesFor(tokens.Count));
            for (int group = 0; group < layout.Groups.Count; group++)
            {
                for (int i = layout.Groups[group].FirstNeededPage(tokens.Count) * 16; i < tokens.Count; i++)
                    (*Slot(sequence, group, i)).ShouldBe(Value(tokens, group, i), $"group {group}, position {i} of {tokens.Count} after {step}");
            }
        }

        private void CheckCounters()
        {
            int unique = 0, most = 0;
            for (int group = 0; group < layout.Groups.Count; group++)
            {
                int held = _branches.Select(branch => branch.Sequence.Pages)
                    .SelectMany(pages => Enumerable.Range(0, pages.Count).Select(i => pages[group, i])).Where(page => page != 0).Distinct().Count();
                unique += held;
                most = Math.Max(most, held);
            }
            pool.InUse.ShouldBe(unique);
            pool.UniqueTokens.ShouldBe(most * 16);
            _meters.Sum(meter => meter.Pages).ShouldBe(unique);
            _meters.ShouldAllBe(meter => meter.Tokens <= meter.Peak && meter.Tokens <= 16 * meter.Pages);
            pool.AllocatedBytes.ShouldBeLessThanOrEqualTo(limit);
            pool.BytesInUse.ShouldBeLessThanOrEqualTo(pool.AllocatedBytes);
        }

        private void Write(Branch branch, int position)
        {
            for (int group = 0; group < layout.Groups.Count; group++)
                *Slot(branch.Sequence, group, position) = Value(branch.Tokens, group, position);
        }

        private static float Value(List<int> tokens, int group, int position)
        {
            uint hash = (uint)group;
            for (int i = 0; i <= position; i++)
                hash = (hash ^ (uint)(tokens[i] + 1)) * 16_777_619 + 7;
            return hash >> 8;                                   // 24 bits: exact
        }

        private static float* Slot(KvSequence sequence, int group, int position) =>
            (float*)sequence.Pages[group, position / 16] + position % 16;
    }
}
