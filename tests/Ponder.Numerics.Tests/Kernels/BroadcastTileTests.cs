using FsCheck;
using FsCheck.Fluent;
using Ponder.Numerics.Kernels;

namespace Ponder.Numerics.Tests.Kernels;

public sealed unsafe class BroadcastTileTests
{
    private sealed record Shape(int Rows, int Depth, int Columns, bool Add, int Seed);

    private static readonly Arbitrary<Shape> Shapes = (
        from rows in Gen.Choose(1, 11)
        from depth in Gen.Choose(0, 40)
        from columns in Gen.Choose(1, 9)
        from add in Gen.Elements(false, true)
        from seed in Gen.Choose(0, 1_000_000)
        select new Shape(rows, depth, columns * 16, add, seed)).ToArbitrary();

    [Fact]
    public void Products_are_those_of_the_definition_and_a_row_alone_has_the_same_bits() =>
        Prop.ForAll(Shapes, shape =>
        {
            var random = new Random(shape.Seed);
            int xStride = shape.Depth + 3, stride = shape.Columns + 5;
            using var x = Guarded.Random(random, shape.Rows * xStride);
            using var panel = Guarded.Random(random, shape.Depth * stride);
            using var before = Guarded.Random(random, shape.Rows * stride);
            foreach (var width in VectorWidths.Available.Skip(1))
            {
                using var whole = new Guarded(before.Span);
                using var rows = new Guarded(before.Span);
                VectorDispatch.Run(width, new Product(x.Pointer, xStride, shape.Rows, panel.Pointer, stride, shape, whole.Pointer));
                for (int row = 0; row < shape.Rows; row++)
                    VectorDispatch.Run(width, new Product(x.Pointer + row * xStride, xStride, 1, panel.Pointer, stride, shape, rows.Pointer + row * stride));
                float[] y = whole.Checked();
                rows.Checked().ShouldBe(y, $"{shape} {width}");
                for (int i = 0; i < y.Length; i++)
                {
                    int row = i / stride, column = i % stride;
                    double expected = column >= shape.Columns || shape.Add ? before.Span[i] : 0;
                    for (int k = 0; k < shape.Depth && column < shape.Columns; k++)
                        expected += (double)x.Span[row * xStride + k] * panel.Span[k * stride + column];
                    y[i].ShouldBe((float)expected, 1e-5, $"{shape} {width} row {row} column {column}");
                }
            }
        }).QuickCheckThrowOnFailure();

    private readonly struct Product(float* x, int xStride, int rows, float* panel, int stride, Shape shape, float* y) : IVectorKernel
    {
        private readonly float* _x = x;
        private readonly float* _panel = panel;
        private readonly float* _y = y;

        public void Vector<TLanes, TVec>() where TLanes : struct, ILanes<TVec> where TVec : struct =>
            BroadcastTile.Multiply<TLanes, TVec>(_x, xStride, rows, _panel, stride, shape.Depth, shape.Columns, _y, stride, shape.Add);

        public void Scalar() => throw new NotSupportedException();
    }
}
