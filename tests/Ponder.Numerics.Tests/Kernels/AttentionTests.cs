using FsCheck;
using FsCheck.Fluent;
using Ponder.Numerics.Kernels;
using Ponder.Numerics.Workers;

namespace Ponder.Numerics.Tests.Kernels;

public sealed class AttentionTests : IDisposable
{
    private readonly WorkerPool[] _pools = [new(1), new(2), new(3)];

    private static readonly Gen<(int Before, int Rows)> Sequence = Gen.Frequency(
        (4, from before in Gen.Choose(0, 50) from rows in Gen.Choose(1, 40) select (before, rows)),
        (2, from before in Gen.Choose(200, 900) from rows in Gen.Choose(1, 4) select (before, rows)),
        (1, from before in Gen.Choose(230, 270) from rows in Gen.Choose(1, 60) select (before, rows)));

    private static readonly Arbitrary<AttentionCase> Cases = (
        from kvHeads in Gen.Choose(1, 3)
        from perHead in Gen.Elements(1, 2, 3, 4, 9)
        from headSize in Gen.Elements(1, 3, 8, 16, 20, 24, 32, 48, 64, 80)
        from softcap in Gen.Elements(0f, 0f, 5f)
        from window in Gen.Elements(0, 0, 1, 7, 16, 33, 300)
        from causal in Gen.Elements(true, true, true, false)
        from format in Gen.Elements(KvFormat.F32, KvFormat.F16, KvFormat.BF16, KvFormat.Int8)
        from sequences in Sequence.Select(s => causal ? s : (0, s.Before + s.Rows)).ArrayOf(3)
        from seed in Gen.Choose(0, 1_000_000)
        select new AttentionCase(
            new AttentionShape(kvHeads * perHead, kvHeads, headSize, 1 / MathF.Sqrt(headSize), softcap, causal ? window : 0, causal, format), sequences, seed))
        .ToArbitrary();

    [Fact]
    public void Every_width_and_number_of_threads_agrees_with_the_scalar_reference() =>
        Prop.ForAll(Cases, example =>
        {
            using var input = new AttentionInput(example with { Sequences = [.. example.Sequences.Select(s => s with { Rows = Math.Min(s.Rows, 60) })] });
            float[] expected = input.Run(_pools[1], VectorWidth.Scalar);
            foreach (var width in VectorWidths.Available.Skip(1))
            {
                float[] actual = input.Run(_pools[0], width);
                for (int i = 0; i < expected.Length; i++)
                    actual[i].ShouldBe(expected[i], 5e-6, $"{example} {width} value {i}");
                input.Run(_pools[1], width).ShouldBe(actual, $"{example} {width} 2 threads");
                input.Run(_pools[2], width).ShouldBe(actual, $"{example} {width} 3 threads");
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(40));

    [Fact]
    public void A_query_has_the_same_bits_alone_in_company_and_in_any_pieces_of_its_prompt() =>
        Prop.ForAll(Cases, example =>
        {
            if (!example.Shape.Causal)
                return;                                         // an encoder's text always comes in one go
            using var input = new AttentionInput(example);
            foreach (var width in VectorWidths.Available.Skip(1))
            {
                float[] whole = input.Run(_pools[1], width);
                foreach (int piece in (int[])[1, 7, 32])
                    input.RunInPieces(_pools[1], width, piece).ShouldBe(whole, $"{example} {width} pieces of {piece}");
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(30));

    [Fact]
    public void Branches_have_the_same_bits_whether_they_share_pages_or_own_copies() =>
        Prop.ForAll(Cases, Gen.Choose(0, 700).ToArbitrary(), (example, prefix) =>
        {
            example = example with { Sequences = [.. Enumerable.Range(0, 5).Select(i => (prefix + i * 7, 1 + i % 3))] };
            if (!example.Shape.Causal)
                return;
            using var copied = new AttentionInput(example, prefix);
            using var shared = new AttentionInput(example, prefix, sharesPages: true);
            foreach (var width in VectorWidths.Available.Skip(1))
                shared.Run(_pools[1], width).ShouldBe(copied.Run(_pools[1], width), $"{example} {width} prefix {prefix}");
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(30));

    [Fact]
    public void Branches_after_a_common_prefix_read_each_chunk_of_it_once()
    {
        var shape = new AttentionShape(8, 2, 16, 0.25f, 0, 0, true, KvFormat.F16);
        var example = new AttentionCase(shape, [.. Enumerable.Repeat((600, 1), 16)], 1);
        using var plan = new AttentionPlan();
        using (var input = new AttentionInput(example, prefix: 512, sharesPages: true))
            plan.Cut(shape, input.Spans, threads: 2);
        plan.Pieces.ToArray().Select(p => (p.FirstChunk, p.Queries)).ShouldBe([(0, 16), (1, 16), .. Enumerable.Repeat((2, 1), 16)]);
        using (var input = new AttentionInput(example, prefix: 512))
            plan.Cut(shape, input.Spans, threads: 2);
        plan.Pieces.Length.ShouldBe(3 * 16);
    }

    [Fact]
    public void Scores_far_apart_and_far_from_zero_do_not_overflow()
    {
        var example = new AttentionCase(new AttentionShape(2, 1, 16, 1, 0, 0, true, KvFormat.F32), [(30, 5), (600, 3)], 3);
        using var input = new AttentionInput(example, scale: 60);       // scores of some thousands: e^score is beyond float64
        float[] expected = input.Run(_pools[0], VectorWidth.Scalar);
        foreach (var width in VectorWidths.Available.Skip(1))
        {
            float[] actual = input.Run(_pools[0], width);
            for (int i = 0; i < expected.Length; i++)
                actual[i].ShouldBe(expected[i], 0.05, $"{width} value {i}");
        }
    }

    [Fact]
    public void A_key_that_is_not_a_number_shows()
    {
        foreach (var format in KvFormats.All)
        {
            var example = new AttentionCase(new AttentionShape(2, 1, 16, 1, 0, 0, true, format), [(300, 2)], 3);
            using var input = new AttentionInput(example, scale: float.NaN);
            foreach (var width in VectorWidths.Available)
                input.Run(_pools[0], width).ShouldAllBe(value => float.IsNaN(value), $"{format} {width}");
        }
    }

    public void Dispose() => Array.ForEach(_pools, pool => pool.Dispose());
}
