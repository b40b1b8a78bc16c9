using Ponder.Models.Configuration;
using Ponder.Numerics.Kernels;

namespace Ponder.Models.Transformers;

/// <summary>A norm with its weights, of either kind.</summary>
internal sealed unsafe class Norm(Compute compute, NormKind kind, float* weight, float* bias, int size, float epsilon)
{
    private readonly float* _weight = weight;
    private readonly float* _bias = bias;

    /// <summary>x: [rows, size] to y: [rows, size]; y may be x.</summary>
    public void Apply(float* x, int rows, float* y)
    {
        if (kind == NormKind.Rms)
            RmsNorm.Apply(compute.Width, x, rows, size, _weight, epsilon, y);
        else
            LayerNorm.Apply(compute.Width, x, rows, size, _weight, _bias, epsilon, y);
    }

    public static Norm Load(Compute compute, WeightSource source, ModelConfig config, string name, int size)
    {
        var kind = config.Architecture.Norm;
        float* bias = kind == NormKind.Layer ? source.TryVector(name + ".bias", size) : null;
        return new Norm(compute, kind, source.NormWeight(name + ".weight", size), bias, size, config.NormEpsilon);
    }
}
