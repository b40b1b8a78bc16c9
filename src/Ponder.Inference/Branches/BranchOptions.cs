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

    /// <summary>
    /// A branch of the same engine: the new one counts as of its tree (<see cref="Branch.Usage"/>, fairness, priority) although they have no
    /// beginning in common; null (the default) for a tree of its own.
    /// </summary>
    public Branch? CountWith { get; init; }
}

/// <summary>Makes a branch of tokens that were checked.</summary>
/// <param name="tokens">At least one.</param>
/// <param name="key">Its name in the draws.</param>
/// <param name="priority">Higher ones go first.</param>
/// <param name="maxLength">The longest that it may become.</param>
internal delegate Branch BranchMaker(IReadOnlyList<int> tokens, ulong key, int priority, int maxLength);
