namespace Ponder.Inference.Branches;

/// <summary>What holds for a branch and all its forks.</summary>
public sealed record BranchOptions
{
    /// <summary>The branch's name in the draws: branches with different keys draw different tokens from the same seed.</summary>
    public ulong Key { get; init; }

    /// <summary>Requests of higher priority are served first; 0 by default.</summary>
    public int Priority { get; init; }

    /// <summary>
    /// The longest that the branch may become, which decides between LongRoPE's factors for models that have them; null (the default) for the
    /// context.
    /// </summary>
    public int? MaxLength { get; init; }
}
