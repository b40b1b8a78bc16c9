namespace Ponder.Inference.Sampling.Steps;

/// <summary>
/// Mirostat 2.0 (Basu et al., arXiv 2007.14966): drops tokens whose surprise -log2 p exceeds a bound, but not the most likely. After each token the
/// bound moves against the token's surprise, so that the text's surprise stays near tau. Both surprises are those before the drop.
/// </summary>
internal sealed class Mirostat(double tau, double eta) : IFilter
{
    /// <summary>The bound of a branch that begins, in bits.</summary>
    public double FirstBound => 2 * tau;

    public float Floor(ref LogitRow row, in SamplerState state) => row.FloorOfWeight(Least(state, row.Total) * (1 - 1e-3));

    public void Apply(Candidates candidates, in SamplerState state) =>
        candidates.DropBelow(Math.Min(Least(state, candidates.Mass), candidates.LargestWeight()));

    /// <summary>The bound after a token.</summary>
    /// <param name="bound">The bound before.</param>
    /// <param name="probability">The token's, before this filter.</param>
    public double Move(double bound, double probability) => bound - eta * (-Math.Log2(probability) - tau);

    private static double Least(in SamplerState state, double mass) => Math.Pow(2, -state.MirostatBound) * mass;
}
