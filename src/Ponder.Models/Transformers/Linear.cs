using Ponder.Numerics.Kernels;
using Ponder.Numerics.Workers;

namespace Ponder.Models.Transformers;

/// <summary>Where a model computes: its threads and its vector width.</summary>
internal sealed record Compute(WorkerPool Pool, VectorWidth Width)
{
    /// <summary>Gets the time of each part of a pass; null while nobody asks.</summary>
    public StepProfile? Profile { get; set; }
}

/// <summary>y = x W^T + b.</summary>
internal sealed unsafe class Linear(Compute compute, Matrix weight, float* bias)
{
    private readonly Compute _compute = compute;
    private readonly float* _bias = bias;

    public int Outputs => weight.Rows;

    /// <summary>x: [rows, inputs] to y: [rows, outputs].</summary>
    public void Apply(float* x, int rows, float* y) => MatMul.Multiply(_compute.Pool, _compute.Width, x, rows, weight, _bias, y);

    /// <summary>Two layers of the same input in one parallel loop.</summary>
    public static void Apply(float* x, int rows, Linear first, float* y1, Linear second, float* y2) =>
        MatMul.Multiply(first._compute.Pool, first._compute.Width, x, rows, [first.Into(y1), second.Into(y2)]);

    /// <summary>Three layers of the same input in one parallel loop.</summary>
    public static void Apply(float* x, int rows, Linear first, float* y1, Linear second, float* y2, Linear third, float* y3) =>
        MatMul.Multiply(first._compute.Pool, first._compute.Width, x, rows, [first.Into(y1), second.Into(y2), third.Into(y3)]);

    /// <summary>A layer of its own over some of the outputs.</summary>
    public Linear Slice(int first, int outputs) => new(_compute, weight.Slice(first, outputs), _bias is null ? null : _bias + first);

    public static Linear Load(Compute compute, WeightSource source, string name, int outputs, int inputs) =>
        new(compute, source.Matrix(name + ".weight", outputs, inputs), source.TryVector(name + ".bias", outputs));

    private MatMul.Product Into(float* y) => new(weight, (nint)_bias, (nint)y);
}
