namespace Ponder.Inference.Sampling.Steps;

/// <summary>A step that drops tokens.</summary>
internal interface IFilter
{
    /// <summary>
    /// A logit below which the filter surely drops tokens when it sees the whole row; -infinity where it does not know. It saves the work of listing
    /// them: a filter that comes first need not see them.
    /// </summary>
    float Floor(ref LogitRow row, in SamplerState state);

    /// <summary>Drops tokens, never all.</summary>
    void Apply(Candidates candidates, in SamplerState state);
}
