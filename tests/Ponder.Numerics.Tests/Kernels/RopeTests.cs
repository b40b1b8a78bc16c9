using FsCheck;
using FsCheck.Fluent;
using Ponder.Numerics.Kernels;

namespace Ponder.Numerics.Tests.Kernels;

public sealed unsafe class RopeTests
{
    private sealed record Shape(int Heads, int HeadSize, int Pairs, RopeStyle Style, int Seed);

    private static readonly Arbitrary<Shape> Shapes = (
        from heads in Gen.Choose(1, 5)
        from headSize in Gen.Choose(2, 40)
        from pairs in Gen.Choose(1, headSize / 2)
        from style in Gen.Elements(RopeStyle.HalfSplit, RopeStyle.Interleaved)
        from seed in Gen.Choose(0, 1_000_000)
        select new Shape(heads, headSize, pairs, style, seed)).ToArbitrary();

    [Fact]
    public void Pairs_turn_by_their_angles_and_the_rest_of_a_head_stays() =>
        Prop.ForAll(Shapes, shape =>
        {
            using var input = new Input(shape, largestAngle: 10);
            float[] before = input.X.Span.ToArray(), after = input.Rotated(VectorWidth.Scalar);
            foreach (var width in VectorWidths.Available.Skip(1))
            {
                using var other = new Input(shape, largestAngle: 10);
                other.Rotated(width).ShouldBe(after, $"{shape} {width}");
            }
            var turned = new bool[before.Length];
            for (int head = 0; head < shape.Heads; head++)
            {
                for (int i = 0; i < shape.Pairs; i++)
                {
                    int first = head * shape.HeadSize + (shape.Style == RopeStyle.Interleaved ? 2 * i : i);
                    int second = shape.Style == RopeStyle.Interleaved ? first + 1 : first + shape.Pairs;
                    var expected = new System.Numerics.Complex(before[first], before[second]) * System.Numerics.Complex.FromPolarCoordinates(1, input.Angles[i]);
                    after[first].ShouldBe((float)expected.Real, 1e-6, $"{shape}");
                    after[second].ShouldBe((float)expected.Imaginary, 1e-6, $"{shape}");
                    (turned[first], turned[second]) = (true, true);
                }
            }
            for (int i = 0; i < before.Length; i++)
            {
                if (!turned[i])
                    after[i].ShouldBe(before[i], $"{shape} value {i}");
            }
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void The_angle_zero_changes_nothing() =>
        Prop.ForAll(Shapes, shape =>
        {
            using var input = new Input(shape, largestAngle: 0);
            float[] before = input.X.Span.ToArray();
            input.Rotated(VectorWidths.Current).ShouldBe(before);
        }).QuickCheckThrowOnFailure();

    private sealed class Input : IDisposable
    {
        private readonly Shape _shape;
        private readonly Guarded _cos, _sin;

        public Input(Shape shape, double largestAngle)
        {
            _shape = shape;
            var random = new Random(shape.Seed);
            X = Guarded.Random(random, shape.Heads * shape.HeadSize);
            Angles = [.. Enumerable.Range(0, shape.Pairs).Select(_ => random.NextDouble() * largestAngle)];
            _cos = new Guarded([.. Angles.Select(a => (float)Math.Cos(a))]);
            _sin = new Guarded([.. Angles.Select(a => (float)Math.Sin(a))]);
        }

        public Guarded X { get; }

        public double[] Angles { get; }

        public float[] Rotated(VectorWidth width)
        {
            Rope.Apply(width, X.Pointer, _shape.Heads, _shape.HeadSize, _cos.Pointer, _sin.Pointer, _shape.Pairs, _shape.Style);
            return X.Checked();
        }

        public void Dispose()
        {
            X.Dispose();
            _cos.Dispose();
            _sin.Dispose();
        }
    }
}
