using FsCheck;
using FsCheck.Fluent;
using Ponder.Numerics.Formats;
using Ponder.Numerics.Kernels;
using Ponder.Numerics.Memory;
using Ponder.Numerics.Workers;

namespace Ponder.Numerics.Tests.Kernels;

public sealed unsafe class MatMulTests : IDisposable
{
    private static readonly string[] FormatNames = [.. NumberFormats.All.Where(f => f.CanEncode && f.IsWeight).Select(f => f.Name)];

    private readonly WorkerPool[] _pools = [new(1), new(2), new(3)];

    private sealed record Shape(NumberFormat Format, int Rows, int Outputs, int Inputs, bool HasBias, int Seed);

    private static Arbitrary<Shape> Shapes(Gen<string> formats) => (
        from name in formats
        let format = NumberFormats.FromName(name)!
        from rows in Gen.Choose(1, 40)
        from outputs in Gen.Choose(1, 75)
        from blocks in Gen.Choose(1, format.BlockSize == 1 ? 130 : format.BlockSize == 32 ? 6 : 2)
        from hasBias in Gen.Elements(true, false)
        from seed in Gen.Choose(0, 1_000_000)
        select new Shape(format, rows, outputs, blocks * format.BlockSize, hasBias, seed)).ToArbitrary();

    [Fact]
    public void Every_width_and_number_of_threads_is_within_1e_5_of_a_float64_product() =>
        Prop.ForAll(Shapes(Gen.Elements(FormatNames)), shape =>
        {
            using var input = new Input(shape);
            double[] expected = input.Reference(out double[] magnitudes);
            foreach (var width in VectorWidths.Available)
            {
                foreach (var pool in _pools)
                {
                    float[] actual = input.Multiply(pool, width, 0, shape.Rows);
                    for (int i = 0; i < actual.Length; i++)
                        Math.Abs(actual[i] - expected[i]).ShouldBeLessThanOrEqualTo(1e-5 * magnitudes[i], $"{shape} {width} {pool.Threads} value {i}");
                }
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(60));

    [Fact]
    public void A_row_alone_has_the_bits_that_it_has_in_company_whatever_the_threads() =>
        Prop.ForAll(Shapes(Gen.Elements(FormatNames)), shape =>
        {
            using var input = new Input(shape);
            foreach (var width in VectorWidths.Available)
            {
                float[] together = input.Multiply(_pools[0], width, 0, shape.Rows);
                input.Multiply(_pools[2], width, 0, shape.Rows).ShouldBe(together, $"{shape} {width} threads");
                for (int row = 0; row < shape.Rows; row++)
                    input.Multiply(_pools[1], width, row, 1).ShouldBe(together[(row * shape.Outputs)..((row + 1) * shape.Outputs)], $"{shape} {width} row {row}");
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(100));

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    public void Products_of_the_same_activations_in_one_loop_are_those_of_loops_of_their_own(int rows)
    {
        // Of different heights, the smallest under one task, the largest over several.
        Input[] inputs = [.. ((int[])[3, 50, 333]).Select(outputs => new Input(new Shape(NumberFormats.Q4_0, rows, outputs, 64, outputs == 50, 4)))];
        Guarded[] results = [.. inputs.Select(input => new Guarded(rows * input.Weight.Rows))];
        foreach (var pool in _pools)
        {
            MatMul.Product[] products = [.. inputs.Select((input, i) => new MatMul.Product(input.Weight, input.Bias, (nint)results[i].Pointer))];
            MatMul.Multiply(pool, VectorWidths.Current, inputs[0].X.Pointer, rows, products);
            for (int i = 0; i < inputs.Length; i++)
            {
                using var alone = new Guarded(rows * inputs[i].Weight.Rows);
                MatMul.Multiply(pool, VectorWidths.Current, inputs[0].X.Pointer, rows, inputs[i].Weight, (float*)inputs[i].Bias, alone.Pointer);
                results[i].Checked().ShouldBe(alone.Checked(), $"{pool.Threads} threads, product {i}");
            }
        }
        foreach (var disposable in (IEnumerable<IDisposable>)[.. inputs, .. results])
            disposable.Dispose();
    }

    [Fact]
    public void A_slice_of_a_matrix_gives_a_slice_of_the_product()
    {
        using var input = new Input(new Shape(NumberFormats.Q4_0, 3, 50, 64, false, 4));
        float[] whole = input.Multiply(_pools[1], VectorWidths.Current, 0, 3);
        using var y = new Guarded(3 * 20);
        MatMul.Multiply(_pools[1], VectorWidths.Current, input.X.Pointer, 3, input.Weight.Slice(17, 20), null, y.Pointer);
        for (int row = 0; row < 3; row++)
            y.Checked()[(row * 20)..(row * 20 + 20)].ShouldBe(whole[(row * 50 + 17)..(row * 50 + 37)]);
    }

    [Theory]
    [InlineData(-1, 1)]
    [InlineData(1, -1)]
    [InlineData(0, 5)]
    [InlineData(4, 1)]
    [InlineData(int.MaxValue, int.MaxValue)]
    public void A_slice_outside_the_matrix_is_refused(int first, int rows) =>
        Should.Throw<ArgumentOutOfRangeException>(() => new Matrix(NumberFormats.F32, 0, 4, 8).Slice(first, rows));

    public void Dispose() => Array.ForEach(_pools, pool => pool.Dispose());

    private sealed class Input : IDisposable
    {
        private readonly Shape _shape;
        private readonly NativeBuffer<byte> _blocks;
        private readonly float[] _decoded;
        private readonly Guarded? _bias;

        public Input(Shape shape)
        {
            _shape = shape;
            var random = new Random(shape.Seed);
            X = Guarded.Random(random, shape.Rows * shape.Inputs);
            _bias = shape.HasBias ? Guarded.Random(random, shape.Outputs) : null;
            using var weights = Guarded.Random(random, shape.Outputs * shape.Inputs);
            _blocks = new NativeBuffer<byte>(shape.Format.BytesOf(weights.Length));
            shape.Format.Encode(weights.Span, _blocks.Span);
            _decoded = new float[weights.Length];
            shape.Format.Decode(_blocks.Span, _decoded);
            Weight = new Matrix(shape.Format, (nint)_blocks.Pointer, shape.Outputs, shape.Inputs);
        }

        public Guarded X { get; }

        public Matrix Weight { get; }

        public nint Bias => _bias is null ? 0 : (nint)_bias.Pointer;

        public float[] Multiply(WorkerPool pool, VectorWidth width, int first, int rows)
        {
            using var y = new Guarded(rows * _shape.Outputs);
            MatMul.Multiply(pool, width, X.Pointer + first * _shape.Inputs, rows, Weight, _bias is null ? null : _bias.Pointer, y.Pointer);
            return y.Checked();
        }

        /// <summary>The product in float64, and for each value the sum of its terms' magnitudes, which is what rounding errors are relative to.</summary>
        public double[] Reference(out double[] magnitudes)
        {
            var product = new double[_shape.Rows * _shape.Outputs];
            magnitudes = new double[product.Length];
            for (int row = 0; row < _shape.Rows; row++)
            {
                for (int output = 0; output < _shape.Outputs; output++)
                {
                    double sum = _bias is null ? 0 : _bias.Span[output], magnitude = Math.Abs(sum);
                    for (int k = 0; k < _shape.Inputs; k++)
                    {
                        double term = (double)X.Span[row * _shape.Inputs + k] * _decoded[output * _shape.Inputs + k];
                        sum += term;
                        magnitude += Math.Abs(term);
                    }
                    product[row * _shape.Outputs + output] = sum;
                    magnitudes[row * _shape.Outputs + output] = magnitude;
                }
            }
            return product;
        }

        public void Dispose()
        {
            X.Dispose();
            _bias?.Dispose();
            _blocks.Dispose();
        }
    }
}
