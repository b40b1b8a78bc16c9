using Ponder.Numerics.Kernels;
using Ponder.Numerics.Panels;

namespace Ponder.Models.Transformers;

/// <summary>y = x W^T + b. The weights stay in the mapped file, or are repacked for the instructions in use.</summary>
internal sealed unsafe class Linear(Compute compute, Matrix weight, float* bias) : IDisposable
{
    private readonly float* _bias = bias;
    private PackedMatrix? _packed;

    public Compute Compute { get; } = compute;

    public int Outputs => weight.Rows;

    /// <summary>Bytes of the weights in the file.</summary>
    public long FileBytes => weight.Bytes;

    /// <summary>True when the layer reads prepared activations, false when it reads float32.</summary>
    public bool IsPacked => _packed is not null;

    public static Linear Load(Compute compute, WeightSource source, string name, int outputs, int inputs) =>
        new(compute, source.Matrix(name + ".weight", outputs, inputs), source.TryVector(name + ".bias", outputs));

    /// <summary>A layer of its own over some of the outputs. Before <see cref="Repack"/>.</summary>
    public Linear Slice(int first, int outputs) => new(Compute, weight.Slice(first, outputs), _bias is null ? null : _bias + first);

    /// <summary>Repacks the weights where the instructions in use have panels for their format, and gives the file's memory back.</summary>
    public void Repack(WeightSource source)
    {
        if (_packed is not null || Compute.Packed is not { } kernels || !kernels.CanPack(weight))
            return;
        _packed = kernels.Pack(Compute.Pool, weight);
        source.GiveBack(weight);
    }

    /// <summary>x: [rows, inputs] to y: [rows, outputs].</summary>
    public void Apply(in Activations x, int rows, float* y)
    {
        if (_packed is { } packed)
            Compute.Packed!.Multiply(Compute.Pool, x.Prepared, rows, [new PackedMatMul.Product(packed, (nint)_bias, (nint)y)]);
        else
            MatMul.Multiply(Compute.Pool, Compute.Width, x.Values, rows, weight, _bias, y);
    }

    /// <summary>Two layers of the same input, in one parallel loop where their weights are of one kind.</summary>
    public static void Apply(in Activations x, int rows, Linear first, float* y1, Linear second, float* y2)
    {
        var compute = first.Compute;
        if (first._packed is { } packed1 && second._packed is { } packed2)
        {
            compute.Packed!.Multiply(compute.Pool, x.Prepared, rows, [first.Into(packed1, y1), second.Into(packed2, y2)]);
        }
        else if (first._packed is null && second._packed is null)
        {
            MatMul.Multiply(compute.Pool, compute.Width, x.Values, rows, [first.Into(y1), second.Into(y2)]);
        }
        else
        {
            first.Apply(x, rows, y1);
            second.Apply(x, rows, y2);
        }
    }

    /// <summary>Three layers of the same input, in one parallel loop where their weights are of one kind.</summary>
    public static void Apply(in Activations x, int rows, Linear first, float* y1, Linear second, float* y2, Linear third, float* y3)
    {
        var compute = first.Compute;
        if (first._packed is { } packed1 && second._packed is { } packed2 && third._packed is { } packed3)
        {
            compute.Packed!.Multiply(compute.Pool, x.Prepared, rows, [first.Into(packed1, y1), second.Into(packed2, y2), third.Into(packed3, y3)]);
        }
        else if (first._packed is null && second._packed is null && third._packed is null)
        {
            MatMul.Multiply(compute.Pool, compute.Width, x.Values, rows, [first.Into(y1), second.Into(y2), third.Into(y3)]);
        }
        else
        {
            Apply(x, rows, first, y1, second, y2);
            third.Apply(x, rows, y3);
        }
    }

    public void Dispose() => _packed?.Dispose();

    private MatMul.Product Into(float* y) => new(weight, (nint)_bias, (nint)y);

    private PackedMatMul.Product Into(PackedMatrix packed, float* y) => new(packed, (nint)_bias, (nint)y);
}
