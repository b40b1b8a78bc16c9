using Ponder.Numerics.Kernels;

namespace Ponder.Inference.Sampling.Steps;

/// <summary>
/// Forbids tokens whose logits are over n standard deviations below the largest (Tang et al., arXiv 2411.07641). Logits and deviation scale alike, so
/// that the temperature does not matter.
/// </summary>
internal sealed class TopNSigma(double n) : ILogitStep
{
    public bool ReadsHistory => false;

    public void Apply(Span<float> logits, ReadOnlySpan<int> history, int prompt, Workspace workspace)
    {
        float largest = System.Numerics.Tensors.TensorPrimitives.Max(logits);
        if (!float.IsFinite(largest))
            return;
        double floor = largest - n * RowMoments.Apply(VectorWidths.Current, logits, largest).Deviation;
        if (double.IsFinite(floor))                             // squares of huge logits overflow
            RowSelection.ForbidBelow(VectorWidths.Current, logits, (float)floor);
    }
}
