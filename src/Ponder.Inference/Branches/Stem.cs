using Ponder.Inference.Scheduling;

namespace Ponder.Inference.Branches;

/// <summary>
/// The common beginning of branches that were forked before it was computed: it is computed once, by whichever of them first needs it, and each
/// then goes on from its pages and its last outputs.
/// </summary>
internal sealed class Stem(Branch trunk)
{
    private readonly List<Job> _waiting = [];
    private int _holders;

    /// <summary>A branch that nobody else sees, with the tokens to compute.</summary>
    public Branch Trunk => trunk;

    /// <summary>Tokens of the common beginning.</summary>
    public int Length { get; } = trunk.Length;

    /// <summary>Everything is computed and still there.</summary>
    public bool IsSettled => trunk.Kv?.Length == Length && trunk.Outputs is not null;

    /// <summary>Jobs that wait for it.</summary>
    public List<Job> Waiting => _waiting;

    public void Hold() => _holders++;

    /// <summary>One branch less stands on it; without any its memory is free.</summary>
    public void LetGo()
    {
        if (--_holders == 0)
            trunk.Dispose();                                    // also while it is being computed
    }
}
