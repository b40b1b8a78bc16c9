namespace Ponder.Inference.Sampling.Steps;

/// <summary>
/// Keeps the fewest tokens, those first whose surprise -ln p is nearest to the entropy, whose probabilities reach a part of what is left (Meister et
/// al., arXiv 2202.00666). The most likely token may be dropped.
/// </summary>
internal sealed class Typical(double part) : IFilter
{
    /// <summary>None: the least likely may be typical. The total is summed here at vector speed.</summary>
    public float Floor(ref LogitRow row, in SamplerState state)
    {
        _ = row.Total;
        return float.NegativeInfinity;
    }

    public void Apply(Candidates candidates, in SamplerState state) => candidates.KeepTypical(part);
}
