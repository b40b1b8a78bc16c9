namespace Ponder.Inference.Speculation;

/// <summary>What became of drafts.</summary>
/// <param name="Steps">Steps of a branch that looked at drafts.</param>
/// <param name="Proposed">Drafted tokens.</param>
/// <param name="Accepted">Those that were drawn as drafted.</param>
public readonly record struct SpeculationStatistics(long Steps, long Proposed, long Accepted)
{
    /// <summary>The part of the drafted tokens that were kept; 0 without drafts.</summary>
    public double Acceptance => Proposed == 0 ? 0 : (double)Accepted / Proposed;
}
