using FsCheck;
using FsCheck.Fluent;
using Ponder.Numerics.Kernels;

namespace Ponder.Numerics.Tests.Kernels;

public sealed unsafe class NormTests
{
    private sealed record Shape(int Rows, int Columns, float Mean, float Scale, int Seed);

    private static readonly Arbitrary<Shape> Shapes = (
        from rows in Gen.Choose(1, 5)
        from columns in Gen.Choose(1, 150)
        from mean in Gen.Elements(0f, 3f, -50f)
        from scale in Gen.Elements(1e-3f, 1f, 1e4f)
        from seed in Gen.Choose(0, 1_000_000)
        select new Shape(rows, columns, mean * scale, scale, seed)).ToArbitrary();

    [Fact]
    public void Rms_norm_agrees_with_the_scalar_reference_also_in_place() =>
        Prop.ForAll(Shapes, shape =>
        {
            using var input = new Input(shape);
            float[] expected = input.Rms(VectorWidth.Scalar, inPlace: false);
            foreach (var width in VectorWidths.Available)
            {
                float[] actual = input.Rms(width, inPlace: false);
                ShouldAgree(actual, expected, 3e-6f, $"{shape} {width}");
                input.Rms(width, inPlace: true).ShouldBe(actual, $"{shape} {width} in place");
            }
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Layer_norm_agrees_with_the_scalar_reference_with_and_without_a_bias_and_in_place() =>
        Prop.ForAll(Shapes, shape =>
        {
            using var input = new Input(shape);
            foreach (bool hasBias in (bool[])[true, false])
            {
                float[] expected = input.Layer(VectorWidth.Scalar, hasBias, inPlace: false);
                foreach (var width in VectorWidths.Available)
                {
                    float[] actual = input.Layer(width, hasBias, inPlace: false);
                    // A mean 50 times the spread leaves the deviations 6 bits less.
                    ShouldAgree(actual, expected, 5e-5f, $"{shape} {width}");
                    input.Layer(width, hasBias, inPlace: true).ShouldBe(actual, $"{shape} {width} in place");
                }
            }
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_row_of_zeros_gives_zeros_and_no_nan()
    {
        foreach (var width in VectorWidths.Available)
        {
            using var x = new Guarded(21);
            using var weight = new Guarded(Enumerable.Repeat(2f, 21).ToArray());
            using var y = new Guarded(21);
            RmsNorm.Apply(width, x.Pointer, 1, 21, weight.Pointer, 1e-6f, y.Pointer);
            y.Checked().ShouldAllBe(v => v == 0);
            LayerNorm.Apply(width, x.Pointer, 1, 21, weight.Pointer, null, 1e-6f, y.Pointer);
            y.Checked().ShouldAllBe(v => v == 0);
        }
    }

    [Fact]
    public void A_nan_spoils_its_row_and_no_other()
    {
        foreach (var width in VectorWidths.Available)
        {
            using var x = Guarded.Random(new Random(1), 2 * 21);
            x.Span[20] = float.NaN;
            using var weight = Guarded.Random(new Random(2), 21);
            using var y = new Guarded(2 * 21);
            RmsNorm.Apply(width, x.Pointer, 2, 21, weight.Pointer, 1e-6f, y.Pointer);
            y.Checked()[..21].ShouldAllBe(v => float.IsNaN(v));
            y.Checked()[21..].ShouldAllBe(v => float.IsFinite(v));
        }
    }

    private static void ShouldAgree(float[] actual, float[] expected, float tolerance, string what)
    {
        for (int i = 0; i < expected.Length; i++)
            actual[i].ShouldBe(expected[i], tolerance * Math.Max(1, Math.Abs(expected[i])), $"{what} value {i}");
    }

    private sealed class Input : IDisposable
    {
        private readonly Shape _shape;
        private readonly Guarded _x, _weight, _bias;

        public Input(Shape shape)
        {
            _shape = shape;
            var random = new Random(shape.Seed);
            _x = Guarded.Random(random, shape.Rows * shape.Columns, shape.Scale);
            foreach (ref float value in _x.Span)
                value += shape.Mean;
            _weight = Guarded.Random(random, shape.Columns);
            _bias = Guarded.Random(random, shape.Columns);
        }

        public float[] Rms(VectorWidth width, bool inPlace)
        {
            using var x = new Guarded(_x.Span);
            using var y = new Guarded(_x.Length);
            RmsNorm.Apply(width, x.Pointer, _shape.Rows, _shape.Columns, _weight.Pointer, 1e-5f, inPlace ? x.Pointer : y.Pointer);
            return (inPlace ? x : y).Checked();
        }

        public float[] Layer(VectorWidth width, bool hasBias, bool inPlace)
        {
            using var x = new Guarded(_x.Span);
            using var y = new Guarded(_x.Length);
            LayerNorm.Apply(
                width, x.Pointer, _shape.Rows, _shape.Columns, _weight.Pointer, hasBias ? _bias.Pointer : null, 1e-5f, inPlace ? x.Pointer : y.Pointer);
            return (inPlace ? x : y).Checked();
        }

        public void Dispose()
        {
            _x.Dispose();
            _weight.Dispose();
            _bias.Dispose();
        }
    }
}
