namespace Ponder.Inference.Sampling.Steps;

/// <summary>Keeps the fewest tokens, most likely first, whose probabilities reach p of what is left (Holtzman et al., arXiv 1904.09751).</summary>
internal sealed class TopP(double p) : IFilter
{
    /// <summary>
    /// No token under (1 - p) / n of the mass can be needed: even all of them together are less than what p leaves out. A little less, so that rounding
    /// does not drop all of n equals.
    /// </summary>
    public float Floor(ref LogitRow row, in SamplerState state) => row.FloorOfWeight((1 - p) * row.Total / row.Length * (1 - 1e-3));

    public void Apply(Candidates candidates, in SamplerState state) => candidates.KeepMass(p * candidates.Mass);
}
