using Ponder.Numerics.Kernels;

namespace Ponder.Numerics.Tests.Kernels;

public sealed unsafe class ExponentialTests
{
    private const int Count = 16_000;

    public static TheoryData<VectorWidth> Widths => [.. VectorWidths.Available.Append(VectorWidth.V128).Where(w => w != VectorWidth.Scalar).Distinct()];

    [Theory]
    [MemberData(nameof(Widths))]
    public void Powers_are_within_2_units_of_the_last_place(VectorWidth width)
    {
        using var x = new Guarded([.. Enumerable.Range(0, Count).Select(i => -87 + 175f * i / Count)]);
        using var y = new Guarded(Count);
        VectorDispatch.Run(width, new Map(false, x.Pointer, y.Pointer));
        float[] actual = y.Checked();
        for (int i = 0; i < Count; i++)
            (actual[i] / Math.Exp(x.Span[i])).ShouldBe(1, 2.4e-7, $"{x.Span[i]:R}");
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void Hyperbolic_tangents_are_within_2e_7(VectorWidth width)
    {
        using var x = new Guarded([.. Enumerable.Range(0, Count).Select(i => -20 + 40f * i / Count)]);
        using var y = new Guarded(Count);
        VectorDispatch.Run(width, new Map(true, x.Pointer, y.Pointer));
        float[] actual = y.Checked();
        for (int i = 0; i < Count; i++)
            actual[i].ShouldBe((float)Math.Tanh(x.Span[i]), 2e-7, $"{x.Span[i]:R}");
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void Ends_stay_finite_and_NaN_stays_NaN(VectorWidth width)
    {
        float[] ends = [float.NegativeInfinity, -1e30f, -100, float.NaN, .. new float[Count - 4]];
        using var x = new Guarded(ends);
        using var y = new Guarded(Count);
        VectorDispatch.Run(width, new Map(false, x.Pointer, y.Pointer));
        y.Span[..3].ToArray().ShouldAllBe(value => value > 0 && value < 2e-38f);
        float.IsNaN(y.Span[3]).ShouldBeTrue();
        y.Span[4].ShouldBe(1);
        VectorDispatch.Run(width, new Map(true, x.Pointer, y.Pointer));
        y.Span[..3].ToArray().ShouldAllBe(value => value == -1);
        float.IsNaN(y.Span[3]).ShouldBeTrue();
    }

    private readonly struct Map(bool tanh, float* x, float* y) : IVectorKernel
    {
        private readonly float* _x = x;
        private readonly float* _y = y;

        public void Vector<TLanes, TVec>() where TLanes : struct, ILanes<TVec> where TVec : struct
        {
            for (int i = 0; i < Count; i += TLanes.Count)
            {
                var value = TLanes.Load(_x + i);
                TLanes.Store(tanh ? Exponential.Tanh<TLanes, TVec>(value) : Exponential.Exp<TLanes, TVec>(value), _y + i);
            }
        }

        public void Scalar() => throw new NotSupportedException();
    }
}
