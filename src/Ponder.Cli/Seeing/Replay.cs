using Ponder.Cli.Solving;
using Ponder.Reasoning.Sessions;
using Ponder.Reasoning.Traces;

namespace Ponder.Cli.Seeing;

/// <summary>A trace that is gone through event by event, forwards and backwards.</summary>
/// <param name="head">What the run was.</param>
/// <param name="lines">Its events, a problem's together; at least one.</param>
internal sealed class Replay(TraceHead head, IReadOnlyList<TraceLine> lines)
{
    private const string Keys = "space or → next   ← back   ↑ ↓ ten   Home End   n next problem   q quit";

    private ThoughtTree _tree = new();
    private int _taken;                                         // events that the tree knows, from the first of its problem on
    private int _problem = -1;

    /// <summary>Events gone through, 1 to their number.</summary>
    public int At { get; private set; } = 1;

    /// <summary>Takes a key.</summary>
    /// <returns>False when it ends the replay.</returns>
    public bool Take(ConsoleKeyInfo key)
    {
        switch (key.Key)
        {
            case ConsoleKey.Spacebar or ConsoleKey.RightArrow or ConsoleKey.Enter:
                GoTo(At + 1);
                break;
            case ConsoleKey.LeftArrow or ConsoleKey.Backspace:
                GoTo(At - 1);
                break;
            case ConsoleKey.DownArrow or ConsoleKey.PageDown:
                GoTo(At + 10);
                break;
            case ConsoleKey.UpArrow or ConsoleKey.PageUp:
                GoTo(At - 10);
                break;
            case ConsoleKey.Home:
                GoTo(1);
                break;
            case ConsoleKey.End:
                GoTo(lines.Count);
                break;
            case ConsoleKey.N:
                int next = At;
                while (next < lines.Count && lines[next].Problem == lines[At - 1].Problem)
                    next++;
                GoTo(next + 1);
                break;
            case ConsoleKey.Q or ConsoleKey.Escape:
            case ConsoleKey.C when key.Modifiers.HasFlag(ConsoleModifiers.Control):
                return false;
        }
        return true;
    }

    /// <summary>What a screen shows now.</summary>
    public IReadOnlyList<BoardLine> Lines(int width, int height)
    {
        CatchUp();
        var now = lines[At - 1];
        var shown = new List<BoardLine>
        {
            new(new Piece(Units.OneLine($"{head.Strategy} on {head.Policy}, problem {now.Problem + 1}, event {Units.Count(At)} of {Units.Count(lines.Count)}", width), Tone.Path)),
        };
        shown.AddRange(_tree.Lines(width, height - 5));
        shown.Add("");
        // What happened takes two lines where one does not hold it.
        string sentence = TraceSentence.Of(now, 2 * width).TrimStart();
        int first = Math.Min(width, sentence.Length);
        if (first < sentence.Length && char.IsHighSurrogate(sentence[first - 1]))
            first--;
        shown.Add(sentence[..first]);
        if (first < sentence.Length)
            shown.Add(Units.OneLine(sentence[first..], width));
        shown.Add(new BoardLine(new Piece(Units.OneLine(Keys, width), Tone.Soft)));
        return shown;
    }

    private void GoTo(int at) => At = Math.Clamp(at, 1, lines.Count);

    private void CatchUp()
    {
        int problem = lines[At - 1].Problem;
        if (problem != _problem || _taken > At)
        {
            (_tree, _problem, _taken) = (new ThoughtTree(), problem, At - 1);
            while (_taken > 0 && lines[_taken - 1].Problem == problem)
                _taken--;
        }
        for (; _taken < At; _taken++)
            Show(lines[_taken]);
    }

    private void Show(TraceLine line)
    {
        switch (line)
        {
            case TraceLine.Grew { Parent: int parent, IsAnswer: true } grew:
                _tree.Add(grew.Number, parent);
                _tree.Grow(grew.Number, grew.Text, grew.End is null, grew is { End: ThoughtEnd.Finished, Answer: not null });
                break;
            case TraceLine.Scored scored:
                _tree.Score(scored.Number, scored.Reward);
                break;
            case TraceLine.Rejected rejected:
                _tree.Prune(rejected.Number);
                break;
            case TraceLine.Ended ended:
                _tree.Choose(ended.Chosen);
                break;
        }
    }
}
