namespace Ponder.Inference.Sampling.Steps;

/// <summary>Keeps the k most likely tokens.</summary>
internal sealed class TopK(int k) : IFilter
{
    public float Floor(ref LogitRow row, in SamplerState state) => row.FloorOfLargest(k);

    public void Apply(Candidates candidates, in SamplerState state) => candidates.KeepLargest(k);
}
