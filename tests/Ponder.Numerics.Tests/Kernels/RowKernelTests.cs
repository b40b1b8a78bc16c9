using FsCheck;
using FsCheck.Fluent;
using Ponder.Numerics.Kernels;

namespace Ponder.Numerics.Tests.Kernels;

/// <summary>Holds what is computed over a row of logits, at every width, to the plain definition.</summary>
public sealed class RowKernelTests
{
    private static readonly Arbitrary<float[]> Rows = (
        from length in Gen.Frequency((3, Gen.Choose(1, 20)), (3, Gen.Choose(100, 300)), (1, Gen.Choose(1000, 3000)))
        from values in Gen.Frequency((9, Gen.Choose(-40_000, 40_000).Select(i => i / 1000f)), (1, Gen.Constant(float.NegativeInfinity)), (1, Gen.Constant(-200f)))
            .ArrayOf(length)
        select values).ToArbitrary();

    private static void ForAllRows(Action<VectorWidth, float[]> check) =>
        Prop.ForAll(Rows, row =>
        {
            foreach (var width in VectorWidths.Available)
                check(width, row);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Maxima_are_those_of_the_blocks() => ForAllRows((width, row) =>
    {
        var maxima = new float[RowBlocks.Count(row.Length)];
        BlockMaxima.Apply(width, row, maxima);
        maxima.ShouldBe(row.Chunk(RowBlocks.Size).Select(block => block.Max()));
    });

    [Fact]
    public void A_block_that_holds_NaN_has_no_maximum()
    {
        foreach (var width in VectorWidths.Available)
        {
            for (int place = 0; place < 140; place++)
            {
                var row = new float[140];
                (row[place], row[(place + 1) % 140]) = (float.NaN, float.PositiveInfinity);
                var maxima = new float[2];
                BlockMaxima.Apply(width, row, maxima);
                float.IsNaN(maxima[place / RowBlocks.Size]).ShouldBeTrue($"{width} {place}");
            }
        }
    }

    [Fact]
    public void Sums_are_those_of_the_powers_with_the_same_bits_at_every_width()
    {
        var bits = new Dictionary<float[], (double, double, float)>(ReferenceEqualityComparer.Instance);
        ForAllRows((width, row) =>
        {
            const float scale = 1.25f;
            float shift = Math.Max(row.Max(), -50);
            var sums = new float[RowBlocks.Count(row.Length)];
            var (sum, moment) = ExponentialSums.Apply(width, row, shift, scale, sums);
            double Power(float x) => (x - shift) * scale < -87 ? 0 : Math.Exp((x - shift) * scale);
            sum.ShouldBe(row.Sum(Power), 1e-6 * row.Length);
            moment.ShouldBe(row.Sum(x => Power(x) == 0 ? 0 : (x - shift) * scale * Power(x)), 1e-5 * row.Length);
            int last = sums.Length - 1;
            ((double)sums[last]).ShouldBe(row.Skip(last * RowBlocks.Size).Sum(Power), 1e-5);
            if (width != VectorWidth.Scalar && System.Runtime.Intrinsics.X86.Fma.IsSupported)
                bits.GetValueOrDefault(row, (sum, moment, sums[last])).ShouldBe((sum, moment, sums[last]));
            if (width != VectorWidth.Scalar)
                bits[row] = (sum, moment, sums[last]);
            ExponentialSums.Apply(width, row, shift, scale, default).ShouldBe((sum, moment));
        });
    }

    [Fact]
    public void Powers_are_exactly_zero_where_they_are_too_small() => ForAllRows((width, row) =>
    {
        float shift = Math.Max(row.Max(), -50);
        var powers = new float[row.Length + 1];
        powers[^1] = 7;
        RowExponential.Apply(width, row, shift, 2, powers);
        for (int i = 0; i < row.Length; i++)
        {
            double exact = Math.Exp((row[i] - shift) * 2);
            if (exact < 1e-38)
                powers[i].ShouldBe(0);
            else
                ((double)powers[i]).ShouldBe(exact, exact * 1e-6 + 2e-38);
        }
        powers[^1].ShouldBe(7, "written past the end");
    });

    [Fact]
    public void Places_are_those_at_or_above_the_floor_in_order() => ForAllRows((width, row) =>
    {
        var maxima = new float[RowBlocks.Count(row.Length)];
        BlockMaxima.Apply(width, row, maxima);
        foreach (float floor in (float[])[row[0], 39, float.NegativeInfinity, float.PositiveInfinity])
        {
            var places = new int[row.Length];
            int count = RowSelection.AtLeast(width, row, maxima, floor, places);
            places[..count].ShouldBe(Enumerable.Range(0, row.Length).Where(i => row[i] >= floor));
            RowSelection.Count(width, row, maxima, floor).ShouldBe(count);
            float[] left = [.. row];
            RowSelection.ForbidBelow(width, left, floor);
            left.ShouldBe(row.Select(x => x >= floor ? x : float.NegativeInfinity));
        }
    });

    [Fact]
    public void Moments_are_those_of_the_finite_values() => ForAllRows((width, row) =>
    {
        double[] finite = [.. row.Where(float.IsFinite).Select(x => (double)x)];
        if (finite.Length == 0)
            return;
        var (count, mean, deviation) = RowMoments.Apply(width, row, row.Max());
        double exact = finite.Average();
        count.ShouldBe(finite.Length);
        mean.ShouldBe(exact, 1e-3);
        deviation.ShouldBe(Math.Sqrt(finite.Average(x => (x - exact) * (x - exact))), 1e-2);
    });
}
