using FsCheck;
using FsCheck.Fluent;
using Ponder.Numerics.Kernels;

namespace Ponder.Numerics.Tests.Kernels;

public sealed unsafe class DotTileTests
{
    private sealed record Shape(int M, int N, int K, int Gap, int Seed);

    private static readonly Arbitrary<Shape> Shapes = (
        from m in Gen.Choose(1, 19)
        from n in Gen.Choose(1, 11)
        from k in Gen.Choose(1, 70)
        from gap in Gen.Choose(0, 3)
        from seed in Gen.Choose(0, 1_000_000)
        select new Shape(m, n, k, gap, seed)).ToArbitrary();

    [Fact]
    public void Tiles_of_every_shape_agree_with_the_scalar_reference_and_with_single_products() =>
        Prop.ForAll(Shapes, shape =>
        {
            var random = new Random(shape.Seed);
            using var w = Guarded.Random(random, shape.M * shape.K);
            using var x = Guarded.Random(random, shape.N * shape.K);
            float[] expected = Run(VectorWidth.Scalar, shape, w, x);
            foreach (var width in VectorWidths.Available)
            {
                float[] actual = Run(width, shape, w, x);
                for (int j = 0; j < shape.N; j++)
                {
                    for (int i = 0; i < shape.M; i++)
                    {
                        int at = j * (shape.M + shape.Gap) + i;
                        actual[at].ShouldBe(expected[at], 1e-6 * shape.K, $"{shape} {width} [{j}, {i}]");
                        using var alone = new Guarded(1);
                        VectorDispatch.Run(width, new Kernel(w.Pointer + i * shape.K, 1, x.Pointer + j * shape.K, 1, shape.K, alone.Pointer, 1));
                        alone.Checked()[0].ShouldBe(actual[at], $"{shape} {width} [{j}, {i}] alone");
                    }
                    for (int i = shape.M; i < shape.M + shape.Gap; i++)
                        actual[j * (shape.M + shape.Gap) + i].ShouldBe(0, "between the rows");
                }
            }
        }).QuickCheckThrowOnFailure();

    private static float[] Run(VectorWidth width, Shape shape, Guarded w, Guarded x)
    {
        using var y = new Guarded(shape.N * (shape.M + shape.Gap));
        VectorDispatch.Run(width, new Kernel(w.Pointer, shape.M, x.Pointer, shape.N, shape.K, y.Pointer, shape.M + shape.Gap));
        return y.Checked();
    }

    private readonly struct Kernel(float* w, int m, float* x, int n, int k, float* y, nint stride) : IVectorKernel
    {
        private readonly float* _w = w;
        private readonly float* _x = x;
        private readonly float* _y = y;

        public void Vector<TLanes, TVec>() where TLanes : struct, ILanes<TVec> where TVec : struct =>
            DotTile.Product<TLanes, TVec>(_w, m, _x, n, k, _y, stride);

        public void Scalar() => DotTile.ProductScalar(_w, m, _x, n, k, _y, stride);
    }
}
