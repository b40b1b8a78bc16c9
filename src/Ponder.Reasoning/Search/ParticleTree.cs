using Ponder.Reasoning.Sessions;

namespace Ponder.Reasoning.Search;

/// <summary>The tree that populations grow, sweep after sweep. It holds the memory of whatever a particle or a reference passed through, and of nothing else.</summary>
/// <param name="search">The search.</param>
internal sealed class ParticleTree(StepSearch search)
{
    private readonly HashSet<Thought> _held = [];

    /// <summary>Grows populations from the root to the ends of their particles, all in one batch a step.</summary>
    public async Task SweepAsync(IReadOnlyList<Population> populations)
    {
        Thought[] open = [];
        while (search.Session.CanDraw && (open.Length == 0 || search.CanGrow(open)) && !populations.All(p => p.IsDone))
        {
            var drawn = populations.Select(p => p.IsDone ? [] : p.Resample(search.Session.Root)).ToList();
            var goOn = drawn.SelectMany(own => own).ToList();
            Thought[] givenUp = [.. open.Except(goOn.Select(pair => pair.Ancestor))];
            search.Session.Reject(givenUp);
            _held.ExceptWith(givenUp);

            var children = await search.BranchAsync([.. goOn.Select(pair => pair.Ancestor)], [.. goOn.Select(pair => pair.Share)]).ConfigureAwait(false);
            int next = 0;
            foreach (var (population, own) in populations.Zip(drawn))
            {
                population.Add(children.Skip(next).Take(own.Count).SelectMany(some => some));
                next += own.Count;
            }
            open = [.. populations.SelectMany(p => p.Fresh).Where(thought => thought.IsOpen)];
            _held.UnionWith(open);
            ReleaseAllBut(populations.SelectMany(p => p.Fresh.Concat(p.Reference)));
        }
        await search.FinishAsync(open).ConfigureAwait(false);
        _held.RemoveWhere(thought => !thought.IsOpen);
    }

    /// <summary>Releases all that some thoughts have not passed through.</summary>
    public void ReleaseAllBut(IEnumerable<Thought> thoughts)
    {
        var needed = new HashSet<Thought>();
        foreach (var tip in thoughts)
        {
            for (var thought = tip; thought is not null && needed.Add(thought);)
                thought = thought.Parent;
        }
        foreach (var thought in _held.Except(needed).ToList())
        {
            search.Session.Release(thought);
            _held.Remove(thought);
        }
    }
}
