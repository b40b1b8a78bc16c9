using System.Runtime.CompilerServices;
using Ponder.Numerics.Workers;

namespace Ponder.Numerics.Kernels;

/// <summary>
/// Activations times a weight matrix in any number format, in float32. Weight rows are decoded once per call into a strip that stays in
/// the cache and serves all activation rows; the products are <see cref="DotTile"/>'s, so a row's result does not depend on the others.
/// </summary>
public static unsafe class MatMul
{
    private const int RowsPerTask = 32;
    private const int TasksPerThread = 4;                       // of one activation row: more cost more than their balance gains
    private const int StripBytes = 128 * 1024;                  // decoded weights that stay in L2 beside the activations

    /// <summary>y = x W^T + bias.</summary>
    /// <param name="pool">The threads; the work is split by rows of W.</param>
    /// <param name="width">The vectors to use.</param>
    /// <param name="x">[rows, W.Columns].</param>
    /// <param name="rows">Activation rows, 1 or more.</param>
    /// <param name="weight">W, [outputs, inputs].</param>
    /// <param name="bias">[W.Rows], or null.</param>
    /// <param name="y">Receives [rows, W.Rows].</param>
    public static void Multiply(WorkerPool pool, VectorWidth width, float* x, int rows, Matrix weight, float* bias, float* y) =>
        Multiply(pool, width, x, rows, [new Product(weight, (nint)bias, (nint)y)]);

    /// <summary>Several products of the same activations in one parallel loop: queries, keys and values, or gate and up.</summary>
    /// <param name="pool">The threads; the work is split by rows of the weights.</param>
    /// <param name="width">The vectors to use.</param>
    /// <param name="x">[rows, columns of every weight].</param>
    /// <param name="rows">Activation rows, 1 or more.</param>
    /// <param name="products">One to three products.</param>
    public static void Multiply(WorkerPool pool, VectorWidth width, float* x, int rows, ReadOnlySpan<Product> products)
    {
        int outputs = 0;
        foreach (var product in products)
            outputs += product.Weight.Rows;
        int perTask = rows > 1 ? RowsPerTask : Math.Max(RowsPerTask, (outputs / (pool.Threads * TasksPerThread) + 3) / 4 * 4);
        var body = new Body(pool, width, x, rows, perTask, products);
        pool.For(body.Tasks, body);
    }

    /// <summary>One of the products of a call.</summary>
    /// <param name="Weight">W, [outputs, inputs].</param>
    /// <param name="Bias">Address of [outputs] float32, or 0.</param>
    /// <param name="Y">Address of the results, [rows, outputs] float32.</param>
    public readonly record struct Product(Matrix Weight, nint Bias, nint Y);

    [InlineArray(TaskSplit.MostProducts)]
    private struct Products
    {
        private Product _first;
    }

    private struct Body : IParallelBody
    {
        private readonly WorkerPool _pool;
        private readonly VectorWidth _width;
        private readonly float* _x;
        private readonly int _rows;
        private readonly TaskSplit _split;
        private Products _products;

        public Body(WorkerPool pool, VectorWidth width, float* x, int rows, int perTask, ReadOnlySpan<Product> products)
        {
            _pool = pool;
            _width = width;
            _x = x;
            _rows = rows;
            _split = new TaskSplit(perTask);
            products.CopyTo(_products);
            foreach (var product in products)
                _split.Add(product.Weight.Rows);
        }

        public readonly int Tasks => _split.Tasks;

        public void Run(int index, int worker)
        {
            var (number, first, count) = _split[index];
            var product = _products[number];
            VectorDispatch.Run(_width, new Rows(_pool, worker, _width, _x, _rows, product.Weight, (float*)product.Bias, (float*)product.Y, first, first + count));
        }
    }

    /// <summary>Some rows of W times all rows of x.</summary>
    private readonly struct Rows(
        WorkerPool pool, int worker, VectorWidth width, float* x, int rows, Matrix weight, float* bias, float* y, int first, int end) : IVectorKernel
    {
        private readonly float* _x = x;
        private readonly float* _bias = bias;
        private readonly float* _y = y;

        public void Vector<TLanes, TVec>() where TLanes : struct, ILanes<TVec> where TVec : struct
        {
            int k = weight.Columns;
            // A few rows use a strip while it is in L1; many rows want a longer one, for each visit of x to the cache.
            int strip = rows <= 4 ? 4 : Math.Clamp(StripBytes / (k * sizeof(float)) / 4 * 4, 4, RowsPerTask);
            int done = rows == 1 ? weight.Format.MultiplyRows(width, weight.Row(first), (nint)weight.RowBytes, end - first, k / weight.Format.BlockSize, _x, _y + first) : 0;
            AddBias(first, done);
            for (int i = first + done; i < end; i += strip)
            {
                int m = Math.Min(strip, end - i);
                float* w = Decoded(i, m, strip);
                for (int j = 0; j < rows; j += 4)
                    DotTile.Product<TLanes, TVec>(w, m, _x + (nint)j * k, Math.Min(4, rows - j), k, _y + (nint)j * weight.Rows + i, weight.Rows);
                AddBias(i, m);
            }
        }

        public void Scalar()
        {
            for (int i = first; i < end; i++)
            {
                DotTile.ProductScalar(Decoded(i, 1, 1), 1, _x, rows, weight.Columns, _y + i, weight.Rows);
                AddBias(i, 1);
            }
        }

        private float* Decoded(int row, int count, int strip)
        {
            if (weight.Format.IsFloat32)
                return (float*)weight.Row(row);
            float* target = (float*)pool.Scratch(worker, (long)strip * weight.Columns * sizeof(float));
            for (int r = 0; r < count; r++)
                weight.DecodeRow(width, row + r, target + (nint)r * weight.Columns);
            return target;
        }

        private void AddBias(int row, int count)
        {
            if (_bias is null)
                return;
            for (int j = 0; j < rows; j++)
            {
                for (int i = row; i < row + count; i++)
                    _y[(nint)j * weight.Rows + i] += _bias[i];
            }
        }
    }
}
