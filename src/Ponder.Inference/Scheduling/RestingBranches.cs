using Ponder.Inference.Branches;
using Ponder.Inference.Kv;
using Ponder.Numerics.Kernels;

namespace Ponder.Inference.Scheduling;

/// <summary>Branches that hold memory and take no part in steps: theirs is taken first when memory is short, and computed again when they go on.</summary>
internal sealed class RestingBranches(KvPool pool)
{
    private readonly LinkedList<Branch> _branches = [];         // the one that has rested longest first

    /// <summary>The branch's memory may be taken when it is short, longest rested first.</summary>
    public void Add(Branch branch)
    {
        if (branch.Kv is null)
            return;
        Remove(branch);
        branch.Resting ??= new LinkedListNode<Branch>(branch);
        _branches.AddLast(branch.Resting);
    }

    /// <summary>The branch's memory is in use, or gone.</summary>
    public void Remove(Branch branch)
    {
        if (branch.Resting?.List is not null)
            _branches.Remove(branch.Resting);
    }

    /// <summary>Takes the memory of the branch that has rested longest.</summary>
    /// <returns>False if none rests.</returns>
    public bool TakeOldest()
    {
        if (_branches.First is not { } oldest)
            return false;
        TakeMemoryOf(oldest.Value);
        return true;
    }

    /// <summary>Takes the memory of branches that no job and no stem wants, until so many positions are free.</summary>
    public void TakeUnused(int tokens)
    {
        for (var node = _branches.First; node is not null && pool.AvailableTokens < tokens;)
        {
            var branch = node.Value;
            node = node.Next;
            if (branch.Job is null && branch.TrunkOf is null)
                TakeMemoryOf(branch);
        }
    }

    /// <summary>Frees the memory of a branch; its full pages stay in the prefix tree as long as nobody else needs the memory.</summary>
    public void TakeMemoryOf(Branch branch)
    {
        if (branch.Kv is not { } kv)
            return;
        Remove(branch);
        if (pool.Tree is not null && kv.Length >= kv.Published + Attention.PageTokens)
            kv.Publish(branch.TokenIds(), branch.LongRope);
        branch.Kv = null;
        kv.Dispose();
    }
}
