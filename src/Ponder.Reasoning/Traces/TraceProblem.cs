using Ponder.Reasoning.Budgets;

namespace Ponder.Reasoning.Traces;

/// <summary>A problem of a trace, as far as its lines were taken: the tree of thoughts, what it cost, and what came of it.</summary>
/// <param name="index">Its index in the run.</param>
public sealed class TraceProblem(int index)
{
    private readonly Dictionary<int, TraceNode> _byNumber = [];
    private readonly List<TraceNode> _nodes = [];
    private readonly List<TraceNode> _roots = [];
    private readonly List<(TimeSpan At, LedgerStep Step)> _steps = [];
    private readonly List<string> _notes = [];

    /// <summary>Its index in the run, from 0.</summary>
    public int Index => index;

    /// <summary>What was asked; null before its line.</summary>
    public TraceLine.Began? Began { get; private set; }

    /// <summary>Its thoughts, in the order in which they first grew: parents before children.</summary>
    public IReadOnlyList<TraceNode> Nodes => _nodes;

    /// <summary>Those that have no parent: prompts.</summary>
    public IReadOnlyList<TraceNode> Roots => _roots;

    /// <summary>The ledger's entries, with when they were made.</summary>
    public IReadOnlyList<(TimeSpan At, LedgerStep Step)> Steps => _steps;

    /// <summary>What the user should know.</summary>
    public IReadOnlyList<string> Notes => _notes;

    /// <summary>What came of it; null where the run was cut off before.</summary>
    public TraceLine.Ended? Outcome { get; private set; }

    /// <summary>Reads the problems of a trace, all or one.</summary>
    /// <param name="reader">The trace.</param>
    /// <param name="only">The index of the only one that is wanted; null for all.</param>
    /// <exception cref="TraceException">A line cannot be read, or names a thought that is not there.</exception>
    public static IReadOnlyList<TraceProblem> ReadAll(TraceReader reader, int? only = null)
    {
        ArgumentNullException.ThrowIfNull(reader);
        var problems = new SortedDictionary<int, TraceProblem>();
        while (reader.Read() is { } line)
        {
            if (only is not null && only != line.Problem)
                continue;
            if (!problems.TryGetValue(line.Problem, out var problem))
                problems.Add(line.Problem, problem = new TraceProblem(line.Problem));
            problem.Take(line, reader.Line);
        }
        return [.. problems.Values];
    }

    /// <summary>Takes the next of its lines.</summary>
    /// <param name="line">The line.</param>
    /// <param name="number">Its number in the file, from 1, for messages.</param>
    /// <returns>The thought that it tells of; null for none.</returns>
    /// <exception cref="TraceException">It names a thought that is not there.</exception>
    public TraceNode? Take(TraceLine line, int number)
    {
        switch (line)
        {
            case TraceLine.Began began:
                Began = began;
                return null;
            case TraceLine.Grew grew:
                if (!_byNumber.TryGetValue(grew.Number, out var node))
                    node = Add(grew, number);
                node.Take(grew);
                return node;
            case TraceLine.Scored scored:
                return With(scored.Number, number, thought => thought.Take(scored));
            case TraceLine.Verified verified:
                return With(verified.Number, number, thought => thought.Take(verified));
            case TraceLine.Rejected rejected:
                return With(rejected.Number, number, thought => thought.Take(rejected));
            case TraceLine.Spent spent:
                _steps.Add((spent.At, spent.Step));
                return null;
            case TraceLine.Noted noted:
                _notes.Add(noted.Text);
                return null;
            case TraceLine.Ended ended:
                return TakeOutcome(ended, number);
            default:
                return null;
        }
    }

    private TraceNode Add(TraceLine.Grew grew, int number)
    {
        var node = new TraceNode(grew, grew.Parent is int parent ? Of(parent, number) : null);
        _byNumber.Add(grew.Number, node);
        _nodes.Add(node);
        if (node.Parent is null)
            _roots.Add(node);
        return node;
    }

    private TraceNode? TakeOutcome(TraceLine.Ended ended, int number)
    {
        Outcome = ended;
        foreach (int right in ended.Right)
            Of(right, number).IsCorrect = true;
        foreach (int wrong in ended.Wrong)
            Of(wrong, number).IsCorrect = false;
        var chosen = ended.Chosen is int choice ? Of(choice, number) : null;
        for (var node = chosen; node is not null; node = node.Parent)
            node.IsChosen = true;
        return chosen;
    }

    private TraceNode With(int thought, int number, Action<TraceNode> take)
    {
        var node = Of(thought, number);
        take(node);
        return node;
    }

    private TraceNode Of(int thought, int number) => _byNumber.TryGetValue(thought, out var node)
        ? node
        : throw new TraceException($"Line {number} of the trace names the thought {thought} of problem {index}, which no line before it tells of.");
}
