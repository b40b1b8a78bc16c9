using Ponder.Numerics.Kernels;
using Ponder.Numerics.Panels;

namespace Ponder.Models.Transformers;

/// <summary>y = x W^T + b. The weights stay in the mapped file, or are repacked for the instructions in use.</summary>
/// <param name="compute">Where it computes.</param>
/// <param name="weight">W, [outputs, inputs].</param>
/// <param name="bias">b, [outputs], or null.</param>
/// <param name="fine">True for layers whose results suffer most from rounded activations.</param>
internal sealed unsafe class Linear(Compute compute, Matrix weight, float* bias, bool fine = false)
{
    private readonly float* _bias = bias;
    private PackedMatrix? _packed;

    public Compute Compute { get; } = compute;

    public int Outputs => weight.Rows;

    /// <summary>The weights as they lie in the file.</summary>
    public Matrix Weight => weight;

    /// <summary>True where the instructions in use have panels for the weights.</summary>
    public bool CanRepack => Compute.Packed is { } kernels && kernels.CanPack(weight);

    /// <summary>In what form the layer reads its input.</summary>
    public InputNeeds Needs => _packed is null ? InputNeeds.Float32 : fine ? InputNeeds.PreparedFinely : InputNeeds.Prepared;

    public static Linear Load(Compute compute, WeightSource source, string name, int outputs, int inputs, bool fine = false) =>
        new(compute, source.Matrix(name + ".weight", outputs, inputs), source.TryVector(name + ".bias", outputs), fine);

    /// <summary>What layers of the same input need of it together.</summary>
    public static InputNeeds NeedsOf(params ReadOnlySpan<Linear?> layers)
    {
        var needs = InputNeeds.Float32;
        foreach (var layer in layers)
            needs = layer is not null && layer.Needs > needs ? layer.Needs : needs;
        return needs;
    }

    /// <summary>A layer of its own over some of the outputs. Before <see cref="Use"/>.</summary>
    public Linear Slice(int first, int outputs, bool fine = false) =>
        new(Compute, weight.Slice(first, outputs), _bias is null ? null : _bias + first, fine);

    /// <summary>Multiplies with these panels from now on.</summary>
    public void Use(PackedMatrix packed) => _packed = packed;

    /// <summary>x: [rows, inputs] to y: [rows, outputs].</summary>
    public void Apply(in Activations x, float* y)
    {
        if (_packed is { } packed)
            Compute.Packed!.Multiply(Compute.Pool, x.Prepared, x.Rows, [Into(packed, y)]);
        else
            MatMul.Multiply(Compute.Pool, Compute.Width, x.Values, x.Rows, weight, _bias, y);
    }

    /// <summary>Two layers of the same input, in one parallel loop where their weights are of one kind.</summary>
    public static void Apply(in Activations x, Linear first, float* y1, Linear second, float* y2)
    {
        var compute = first.Compute;
        if (first._packed is { } packed1 && second._packed is { } packed2)
        {
            compute.Packed!.Multiply(compute.Pool, x.Prepared, x.Rows, [first.Into(packed1, y1), second.Into(packed2, y2)]);
        }
        else if (first._packed is null && second._packed is null)
        {
            MatMul.Multiply(compute.Pool, compute.Width, x.Values, x.Rows, [first.Into(y1), second.Into(y2)]);
        }
        else
        {
            first.Apply(x, y1);
            second.Apply(x, y2);
        }
    }

    /// <summary>Three layers of the same input, in one parallel loop where their weights are of one kind.</summary>
    public static void Apply(in Activations x, Linear first, float* y1, Linear second, float* y2, Linear third, float* y3)
    {
        var compute = first.Compute;
        if (first._packed is { } packed1 && second._packed is { } packed2 && third._packed is { } packed3)
        {
            compute.Packed!.Multiply(compute.Pool, x.Prepared, x.Rows, [first.Into(packed1, y1), second.Into(packed2, y2), third.Into(packed3, y3)]);
        }
        else if (first._packed is null && second._packed is null && third._packed is null)
        {
            MatMul.Multiply(compute.Pool, compute.Width, x.Values, x.Rows, [first.Into(y1), second.Into(y2), third.Into(y3)]);
        }
        else
        {
            Apply(x, first, y1, second, y2);
            third.Apply(x, y3);
        }
    }

    private MatMul.Product Into(float* y) => new(weight, (nint)_bias, (nint)y);

    private PackedMatMul.Product Into(PackedMatrix packed, float* y) => new(packed, (nint)_bias, (nint)y, fine);
}
