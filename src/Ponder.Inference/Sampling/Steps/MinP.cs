namespace Ponder.Inference.Sampling.Steps;

/// <summary>Keeps tokens at least a part as likely as the most likely one (Nguyen et al., arXiv 2407.01082).</summary>
internal sealed class MinP(double part) : IFilter
{
    public float Floor(ref LogitRow row, in SamplerState state) => row.FloorOfWeight(part * (1 - 1e-3));

    public void Apply(Candidates candidates, in SamplerState state) => candidates.DropBelow(part * candidates.LargestWeight());
}
