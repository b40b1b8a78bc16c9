using Ponder.Numerics.CodeGen;
using Ponder.Numerics.Kernels;
using Ponder.Numerics.Panels;
using Ponder.Numerics.Workers;

namespace Ponder.Models.Transformers;

/// <summary>One row of a step that treats all rows alike.</summary>
internal interface IRowBody
{
    /// <summary>Computes a row; rows run in no fixed order, on several threads.</summary>
    void Run(int row);
}

/// <summary>Where a model computes: its threads, its vectors, and how it multiplies with quantized weights.</summary>
internal sealed class Compute(WorkerPool pool, ExecutionPath path)
{
    private const int RowsPerTask = 8;                          // fewer rows are done before another thread wakes up

    public WorkerPool Pool { get; } = pool;

    public VectorWidth Width { get; } = path.Width;

    /// <summary>Products with repacked weights; null where all weights are multiplied in float32.</summary>
    public PackedMatMul? Packed { get; } = PackedMatMul.For(path.Instructions);

    /// <summary>Gets the time of each part of a pass; null while nobody asks.</summary>
    public StepProfile? Profile { get; set; }

    /// <summary>Runs a body for every row, on all threads where that pays.</summary>
    public void ForRows<TBody>(int rows, TBody body) where TBody : struct, IRowBody
    {
        if (rows > RowsPerTask)
        {
            Pool.For((rows + RowsPerTask - 1) / RowsPerTask, new Rows<TBody>(rows, body));
            return;
        }
        for (int row = 0; row < rows; row++)
            body.Run(row);
    }

    private readonly struct Rows<TBody>(int rows, TBody body) : IParallelBody where TBody : struct, IRowBody
    {
        public void Run(int index, int worker)
        {
            int end = Math.Min(rows, (index + 1) * RowsPerTask);
            for (int row = index * RowsPerTask; row < end; row++)
                body.Run(row);
        }
    }
}
