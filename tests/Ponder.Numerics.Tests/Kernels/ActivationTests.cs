using FsCheck;
using FsCheck.Fluent;
using Ponder.Numerics.Kernels;

namespace Ponder.Numerics.Tests.Kernels;

public sealed unsafe class ActivationTests
{
    private static readonly ActivationKind[] Kinds = Enum.GetValues<ActivationKind>();

    private sealed record Shape(ActivationKind Kind, int Count, float Scale, int Seed);

    private static readonly Arbitrary<Shape> Shapes = (
        from kind in Gen.Elements(Kinds)
        from count in Gen.Choose(0, 70)
        from scale in Gen.Elements(0.01f, 1f, 10f, 100f)
        from seed in Gen.Choose(0, 1_000_000)
        select new Shape(kind, count, scale, seed)).ToArbitrary();

    [Fact]
    public void Every_width_agrees_with_the_scalar_reference_alone_gated_and_in_place() =>
        Prop.ForAll(Shapes, shape =>
        {
            var random = new Random(shape.Seed);
            using var gate = Guarded.Random(random, shape.Count, shape.Scale);
            using var up = Guarded.Random(random, shape.Count);
            foreach (bool gated in (bool[])[false, true])
            {
                float[] expected = Run(VectorWidth.Scalar, shape.Kind, gate, gated ? up : null, inPlace: false);
                foreach (var width in VectorWidths.Available)
                {
                    float[] actual = Run(width, shape.Kind, gate, gated ? up : null, inPlace: false);
                    for (int i = 0; i < actual.Length; i++)
                        actual[i].ShouldBe(expected[i], 1e-6 * Math.Max(1, Math.Abs(gate.Span[i])), $"{shape} {width} of {gate.Span[i]}");
                    Run(width, shape.Kind, gate, gated ? up : null, inPlace: true).ShouldBe(actual, $"{shape} {width} in place");
                }
            }
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Known_values_come_out()
    {
        // By the definitions in float64: x sigmoid(x), x Φ(x), its tanh approximation, max(x, 0).
        (ActivationKind Kind, float X, double Y)[] known =
        [
            (ActivationKind.Silu, 1, 0.7310585786300049), (ActivationKind.Silu, -2, -0.2384058440442351),
            (ActivationKind.Gelu, 1, 0.8413447460685429), (ActivationKind.Gelu, -2, -0.04550026389635842),
            (ActivationKind.GeluTanh, 1, 0.8411919906082768), (ActivationKind.GeluTanh, -2, -0.04540230591222494),
            (ActivationKind.Relu, 1, 1), (ActivationKind.Relu, -2, 0),
        ];
        foreach (var (kind, x, y) in known)
        {
            foreach (var width in VectorWidths.Available)
                Run(width, kind, Enumerable.Repeat(x, 17).ToArray()).ShouldAllBe(v => Math.Abs(v - y) < 1e-6, $"{kind}({x}) {width}");
        }
    }

    [Theory]
    [InlineData(100f)]
    [InlineData(1e10f)]
    [InlineData(1e30f)]
    [InlineData(float.MaxValue)]
    public void Large_values_pass_and_large_negative_ones_vanish(float large)
    {
        foreach (var kind in Kinds)
        {
            foreach (var width in VectorWidths.Available)
            {
                Run(width, kind, Enumerable.Repeat(large, 17).ToArray()).ShouldAllBe(v => v == large, $"{kind}({large}) {width}");
                Run(width, kind, Enumerable.Repeat(-large, 17).ToArray()).ShouldAllBe(v => v == 0 || Math.Abs(v) < 1e-30, $"{kind}(-{large}) {width}");
            }
        }
    }

    [Fact]
    public void A_nan_stays_a_nan_and_zero_stays_zero()
    {
        foreach (var kind in Kinds)
        {
            foreach (var width in VectorWidths.Available)
            {
                Run(width, kind, Enumerable.Repeat(float.NaN, 17).ToArray()).ShouldAllBe(v => float.IsNaN(v), $"{kind} {width}");
                Run(width, kind, new float[17]).ShouldAllBe(v => v == 0, $"{kind} {width}");
            }
        }
    }

    [Fact]
    public void An_unknown_kind_is_refused() =>
        Should.Throw<ArgumentOutOfRangeException>(() => Activation.Apply(VectorWidth.Scalar, (ActivationKind)99, null, null, 0, null));

    private static float[] Run(VectorWidth width, ActivationKind kind, float[] values)
    {
        using var gate = new Guarded(values);
        return Run(width, kind, gate, null, inPlace: true);
    }

    private static float[] Run(VectorWidth width, ActivationKind kind, Guarded gate, Guarded? up, bool inPlace)
    {
        using var x = new Guarded(gate.Span);
        using var y = new Guarded(gate.Length);
        Activation.Apply(width, kind, x.Pointer, up is null ? null : up.Pointer, gate.Length, inPlace ? x.Pointer : y.Pointer);
        return (inPlace ? x : y).Checked();
    }
}
