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

    /// <summary>Makes what a branch has still to compute its beginning, to be computed once for it and its forks.</summary>
    public static void ShareBeginning(EngineLoop loop, Branch branch)
    {
        bool isComplete = branch.Stem is null ? branch.Kv?.Length == branch.Length && branch.Outputs is not null : branch.Stem.Length == branch.Length;
        if (isComplete)
            return;
        var path = branch.Path;
        branch.Path = path.GoOnAfter(path.Count);
        loop.Resting.Remove(branch);
        var trunk = new Branch(loop, branch.Group, path.GoOnAfter(path.Count), branch.Key, branch.LongRope)
        {
            Kv = branch.Kv,
            Stem = branch.Stem,
            Computed = branch.Computed,
            Prompt = branch.Prompt,
        };
        loop.Resting.Add(trunk);
        branch.Kv = null;
        branch.Stem = trunk.TrunkOf = new Stem(trunk);
        branch.Stem.Hold();
    }

    /// <summary>Lets a branch that is rolled back into its common beginning take over what is computed of it.</summary>
    public static void TakeOver(EngineLoop loop, Branch branch, int length)
    {
        if (branch.Stem is not { } stem || length >= stem.Length)
            return;
        branch.Kv = stem.Trunk is { Job: null, Kv: { } kv } ? kv.Fork() : null;
        branch.Stem = null;
        stem.LetGo();
        loop.Resting.Add(branch);
    }
}
