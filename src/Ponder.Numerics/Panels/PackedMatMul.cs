using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using Ponder.Numerics.CodeGen;
using Ponder.Numerics.Formats;
using Ponder.Numerics.Kernels;
using Ponder.Numerics.Workers;

namespace Ponder.Numerics.Panels;

/// <summary>
/// Activations times repacked weights, by the recipe of one instruction set. Activations are prepared once for all products that read them. The work is
/// split by panels of outputs; a row's result does not depend on the other rows, the split or the threads.
/// </summary>
public sealed unsafe class PackedMatMul
{
    private const int FewRows = 8;                              // up to here the weights' way from memory is the work
    private const int TasksPerThread = 4;                       // of a few rows: more cost more than their balance gains

    private readonly PanelRecipe _recipe;

    internal PackedMatMul(PanelRecipe recipe) => _recipe = recipe;

    /// <summary>The products of an instruction set, or null where it has none (<see cref="InstructionSet.Portable"/>).</summary>
    public static PackedMatMul? For(InstructionSet instructions) => PanelRecipes.Of(instructions) is { } recipe ? new PackedMatMul(recipe) : null;

    /// <summary>What the recipe computes with, for people: <c>int8 activations, AVX-512 VNNI</c>.</summary>
    public string Description => _recipe.Description;

    /// <summary>True for weights that can be repacked for this instruction set.</summary>
    public bool CanPack(Matrix matrix)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        return CanPack(matrix.Format, matrix.Columns);
    }

    /// <summary>True for weights of a format, with rows of so many values, that can be repacked for this instruction set.</summary>
    public bool CanPack(NumberFormat format, long columns)
    {
        ArgumentNullException.ThrowIfNull(format);
        return _recipe.KindOf(format) is { } kind && columns % Math.Max(kind.ScaleValues, PanelLayout.GroupValues) == 0;
    }

    /// <summary>Bytes of the panels of a matrix, a multiple of 64.</summary>
    /// <exception cref="ArgumentException"><see cref="CanPack(Matrix)"/> does not hold.</exception>
    public long BytesOf(Matrix matrix) => PackedMatrix.BytesOf(LayoutOf(matrix), matrix.Rows);

    /// <summary>Repacks a matrix on all threads. The original is not needed afterwards.</summary>
    /// <param name="pool">The threads.</param>
    /// <param name="matrix">A matrix for which <see cref="CanPack(Matrix)"/> holds.</param>
    /// <param name="panels">Receives <see cref="BytesOf"/> bytes; 64-byte aligned, and to live as long as the result.</param>
    public PackedMatrix Pack(WorkerPool pool, Matrix matrix, byte* panels)
    {
        ArgumentNullException.ThrowIfNull(pool);
        var packed = Attach(matrix, panels);
        packed.Fill(pool, _recipe, matrix);
        return packed;
    }

    /// <summary>A matrix whose panels were made before.</summary>
    /// <param name="matrix">The original: its format and shape, not its data.</param>
    /// <param name="panels">What <see cref="Pack"/> wrote.</param>
    public PackedMatrix Attach(Matrix matrix, byte* panels) => new(LayoutOf(matrix), matrix.Rows, panels);

    /// <summary>Bytes of a prepared activation row of <paramref name="columns"/> values, a multiple of 64.</summary>
    public nint RowBytes(int columns) => _recipe.RowBytes(columns);

    /// <summary>Prepared rows that an activation row takes.</summary>
    /// <param name="fine">True if some product that reads them is <see cref="Product.Fine"/>.</param>
    public int RowsOfOne(bool fine) => fine && _recipe.HasTwoRows ? 2 : 1;

    /// <summary>Brings one activation row into the recipe's form, on the calling thread.</summary>
    /// <param name="x">[columns].</param>
    /// <param name="row">Its number, 0 to <paramref name="rows"/>, exclusive.</param>
    /// <param name="rows">Rows of the whole product.</param>
    /// <param name="columns">A multiple of 32.</param>
    /// <param name="fine">True if some product that reads them is <see cref="Product.Fine"/>.</param>
    /// <param name="prepared">Memory for all rows: rows * <see cref="RowsOfOne"/> times <see cref="RowBytes"/>; 64-byte aligned.</param>
    public void Prepare(float* x, int row, int rows, int columns, bool fine, byte* prepared)
    {
        // What is left of the rows stands behind all of them, so that products that need no more find the rows side by side.
        nint rowBytes = _recipe.RowBytes(columns);
        byte* high = prepared + row * rowBytes;
        if (RowsOfOne(fine) == 2)
            _recipe.PrepareTwoRows(x, columns, high, high + rows * rowBytes);
        else
            _recipe.Prepare(x, 1, columns, high);
    }

    /// <summary>Several products of the same activations in one parallel loop: queries, keys and values, or gate and up.</summary>
    /// <param name="pool">The threads.</param>
    /// <param name="prepared">All activation rows, prepared (finely, if a product is fine).</param>
    /// <param name="rows">Activation rows, 1 or more.</param>
    /// <param name="products">One to three products with weights of as many columns as the activations.</param>
    public void Multiply(WorkerPool pool, byte* prepared, int rows, ReadOnlySpan<Product> products)
    {
        int panels = 0;
        foreach (var product in products)
            panels += product.Weight.Panels;
        int perTask = rows > FewRows ? _recipe.PanelsPerTask : (panels + pool.Threads * TasksPerThread - 1) / (pool.Threads * TasksPerThread);
        var body = new Body(pool, _recipe, prepared, rows, perTask, products);
        pool.For(body.Tasks, body);
    }

    private PanelLayout LayoutOf(Matrix matrix) =>
        CanPack(matrix)
            ? new PanelLayout(_recipe.KindOf(matrix.Format)!, matrix.Columns)
            : throw new ArgumentException($"A matrix of {matrix.Format} with {matrix.Columns} columns has no panels.", nameof(matrix));

    /// <summary>One of the products of a call.</summary>
    /// <param name="Weight">W, [outputs, inputs], repacked for this instruction set.</param>
    /// <param name="Bias">Address of [outputs] float32, or 0.</param>
    /// <param name="Y">Address of the results, [rows, outputs] float32.</param>
    /// <param name="Fine">
    /// True for products that want activations finer than a row of int8: they are the sum of two rows then, which costs twice the multiplications, and
    /// next to nothing for a row or two, where the weights' way from memory is the work.
    /// </param>
    public readonly record struct Product(PackedMatrix Weight, nint Bias, nint Y, bool Fine);

    [InlineArray(TaskSplit.MostProducts)]
    private struct Products
    {
        private Product _first;
    }

    private struct Body : IParallelBody
    {
        private readonly WorkerPool _pool;
        private readonly PanelRecipe _recipe;
        private readonly byte* _prepared;
        private readonly int _rows;
        private readonly TaskSplit _split;
        private Products _products;

        public Body(WorkerPool pool, PanelRecipe recipe, byte* prepared, int rows, int perTask, ReadOnlySpan<Product> products)
        {
            _pool = pool;
            _recipe = recipe;
            _prepared = prepared;
            _rows = rows;
            _split = new TaskSplit(perTask);
            products.CopyTo(_products);
            foreach (var product in products)
                _split.Add(product.Weight.Panels);
        }

        public readonly int Tasks => _split.Tasks;

        public void Run(int index, int worker)
        {
            var (number, panel, count) = _split[index];
            var product = _products[number];
            var weight = product.Weight;
            int first = panel * PanelLayout.Columns, columns = Math.Min(count * PanelLayout.Columns, weight.Rows - first);
            float* y = (float*)product.Y + first;
            if (product.Fine && _recipe.HasTwoRows)
            {
                long sums = 2L * _rows * count * PanelLayout.Columns * sizeof(float);
                byte* scratch = _pool.Scratch(worker, sums + _recipe.ScratchBytes(weight.Layout));
                _recipe.Multiply(weight.Layout, weight.Panel(panel), count, _prepared, 2 * _rows, (float*)scratch, columns, columns, scratch + sums);
                Fold((float*)scratch, columns, y, weight.Rows);
            }
            else
            {
                byte* scratch = _pool.Scratch(worker, _recipe.ScratchBytes(weight.Layout));
                _recipe.Multiply(weight.Layout, weight.Panel(panel), count, _prepared, _rows, y, weight.Rows, columns, scratch);
            }
            if (product.Bias != 0)
                AddBias((float*)product.Bias + first, columns, y, weight.Rows);
        }

        private readonly void Fold(float* sums, int columns, float* y, nint stride)
        {
            float* rests = sums + (nint)_rows * columns;
            for (int row = 0; row < _rows; row++, y += stride, sums += columns, rests += columns)
                TensorPrimitives.Add(new ReadOnlySpan<float>(sums, columns), new ReadOnlySpan<float>(rests, columns), new Span<float>(y, columns));
        }

        private readonly void AddBias(float* bias, int columns, float* y, nint stride)
        {
            for (int row = 0; row < _rows; row++, y += stride)
            {
                for (int i = 0; i < columns; i++)
                    y[i] += bias[i];
            }
        }
    }
}
