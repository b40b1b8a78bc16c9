using System.Numerics.Tensors;

namespace Ponder.Reasoning.Probes;

/// <summary>A layer of a probe: y = W x + b.</summary>
/// <param name="inputs">Values in, at least 1.</param>
/// <param name="outputs">Values out, at least 1.</param>
internal sealed class DenseLayer(int inputs, int outputs)
{
    public int Inputs => inputs;

    public int Outputs => outputs;

    /// <summary>[outputs, inputs].</summary>
    public float[] Weights { get; init; } = new float[inputs * outputs];

    /// <summary>[outputs].</summary>
    public float[] Bias { get; init; } = new float[outputs];

    /// <summary>The weights of an output.</summary>
    public Span<float> Row(int output) => Weights.AsSpan(output * inputs, inputs);

    /// <summary>Computes the outputs.</summary>
    /// <param name="x">[inputs].</param>
    /// <param name="y">Receives [outputs].</param>
    /// <param name="rectify">Replaces what is negative by 0: all layers but the last.</param>
    public void Apply(ReadOnlySpan<float> x, Span<float> y, bool rectify)
    {
        for (int output = 0; output < outputs; output++)
        {
            float sum = TensorPrimitives.Dot(Row(output), x) + Bias[output];
            y[output] = rectify ? Math.Max(0, sum) : sum;
        }
    }
}
