using Ponder.Reasoning.Sessions;

namespace Ponder.Reasoning.Search;

/// <summary>
/// Particles that grow together, resampled after every step by the odds of their rewards. One of them may be given from the start to the end: the
/// reference of conditional sequential Monte Carlo (Andrieu, Doucet and Holenstein 2010). It is never replaced, but others may fork from its beginnings.
/// </summary>
/// <param name="fresh">Particles beside the reference, at least 1.</param>
/// <param name="temperature">Of the odds, above 0.</param>
/// <param name="reference">A thought that came to its end, step by step from the first; empty for none.</param>
/// <param name="dice">The draws.</param>
internal sealed class Population(int fresh, double temperature, IReadOnlyList<Thought> reference, Dice dice)
{
    private int _steps;

    /// <summary>The reference; empty for none.</summary>
    public IReadOnlyList<Thought> Reference => reference;

    /// <summary>The particles beside the reference; one that came to its end may be there several times.</summary>
    public IReadOnlyList<Thought> Fresh { get; private set; } = [];

    /// <summary>Whether all of them, the reference too, have come to their ends.</summary>
    public bool IsDone => _steps > 0 && Members.All(thought => !thought.IsOpen);

    // The reference as far as the others are, and the others.
    private IReadOnlyList<Thought> Members => reference.Count == 0 ? Fresh : [reference[Math.Min(_steps, reference.Count) - 1], .. Fresh];

    /// <summary>Draws those that go on: independently, as a conditional draw demands.</summary>
    /// <param name="root">What all begin from.</param>
    /// <returns>Open thoughts, and how many children each is to have.</returns>
    public IReadOnlyList<(Thought Ancestor, int Share)> Resample(Thought root)
    {
        if (_steps == 0)
            return [(root, fresh)];
        var members = Members;
        int[] counts = Resampling.Independent(Resampling.Weights([.. members.Select(StepSearch.RewardOf)], temperature), fresh, dice);
        Fresh = [.. members.SelectMany((thought, i) => thought.IsOpen ? [] : Enumerable.Repeat(thought, counts[i]))];
        return [.. members.Zip(counts).Where(pair => pair.First.IsOpen && pair.Second > 0)];
    }

    /// <summary>Takes in the children of those that went on, and the reference's next step; what was cut or given up is no particle any more.</summary>
    public void Add(IEnumerable<Thought> children)
    {
        Fresh = [.. Fresh, .. children.Where(child => child.End is null or ThoughtEnd.Finished)];
        _steps++;
    }

    /// <summary>Draws one of those that came to their ends, the old reference among them, by the odds of its reward.</summary>
    /// <returns>The thought step by step; empty when none came to its end.</returns>
    public IReadOnlyList<Thought> DrawReference()
    {
        Thought[] ended = [.. reference.TakeLast(1), .. Fresh.Where(thought => thought.End == ThoughtEnd.Finished)];
        if (ended.Length == 0)
            return [];
        var path = new List<Thought>();
        int drawn = Resampling.Draw(Resampling.Weights([.. ended.Select(StepSearch.RewardOf)], temperature), dice);
        for (var thought = ended[drawn]; thought.Parent is not null; thought = thought.Parent)
            path.Insert(0, thought);
        return path;
    }
}
