using Ponder.Numerics.Kernels;
using Ponder.Numerics.Workers;

namespace Ponder.Models.Transformers;

/// <summary>Where a model computes: its threads and its vector width.</summary>
internal sealed record Compute(WorkerPool Pool, VectorWidth Width);

/// <summary>y = x W^T + b.</summary>
internal sealed unsafe class Linear(Compute compute, Matrix weight, float* bias)
{
    private readonly float* _bias = bias;

    public int Outputs => weight.Rows;

    /// <summary>x: [rows, inputs] to y: [rows, outputs].</summary>
    public void Apply(float* x, int rows, float* y) => MatMul.Multiply(compute.Pool, compute.Width, x, rows, weight, _bias, y);

    /// <summary>A layer of its own over some of the outputs.</summary>
    public Linear Slice(int first, int outputs) => new(compute, weight.Slice(first, outputs), _bias is null ? null : _bias + first);

    public static Linear Load(Compute compute, WeightSource source, string name, int outputs, int inputs) =>
        new(compute, source.Matrix(name + ".weight", outputs, inputs), source.TryVector(name + ".bias", outputs));
}
