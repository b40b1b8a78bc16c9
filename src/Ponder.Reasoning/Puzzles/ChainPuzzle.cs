using System.Globalization;

namespace Ponder.Reasoning.Puzzles;

/// <summary>Follow assignments to the value of a variable. The format is that of <c>models/puzzles/README.md</c>.</summary>
public sealed class ChainPuzzle : IPuzzle
{
    /// <summary>The largest number that may stand in a chain: the policy's tokens end there.</summary>
    public const int Largest = 999;

    internal const string AnswerMark = "####";

    private readonly ChainAssignment[] _assignments;

    private ChainPuzzle(ChainAssignment[] assignments, char asked)
    {
        _assignments = assignments;
        Asked = asked;
        Value = assignments.First(a => a.Variable == asked).Value;
        Prompt = $"{string.Join(' ', assignments.AsEnumerable())} {asked}?\n";
    }

    /// <inheritdoc/>
    public string Task => PuzzleTasks.Chain;

    /// <inheritdoc/>
    public string Prompt { get; }

    /// <summary>The assignments in order; each uses only variables before it.</summary>
    public IReadOnlyList<ChainAssignment> Assignments => _assignments;

    /// <summary>The variable that is asked for.</summary>
    public char Asked { get; }

    /// <summary>The one right answer.</summary>
    public long Value { get; }

    /// <inheritdoc/>
    public string? Caution
    {
        get
        {
            if (_assignments.FirstOrDefault(a => a.Value is < 0 or > Largest) is { } far)
                return $"the value of {far.Variable} is {far.Value}, and the built-in policy knows numbers from 0 to {Largest}: "
                    + "do not expect much of it";
            return _assignments.Length is >= 4 and <= 6
                ? null
                : $"the built-in policy was trained on chains of four to six variables: do not expect much of it with {_assignments.Length}";
        }
    }

    /// <summary>The right answer as the policy writes it: a line for each assignment, then <c>#### VALUE</c>.</summary>
    public string Solution => $"{string.Join('\n', _assignments.Select(a => a.Line))}\n{LastLine}\n";

    private string LastLine => string.Create(CultureInfo.InvariantCulture, $"{AnswerMark} {Value}");

    /// <summary>
    /// Reads <c>a=28 b=a*3-15 c=b-a c?</c>. White space, commas and semicolons between the parts do not matter.
    /// Numbers go from 0 to 999, variables are single letters assigned once and before use, operators are <c>+ - *</c>.
    /// </summary>
    /// <exception cref="PuzzleException">The text is not a chain; the sentence says why.</exception>
    public static ChainPuzzle Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var (assignments, asked) = ChainParser.Parse(text);
        return new ChainPuzzle(assignments, asked);
    }

    /// <summary>The value after the last <c>####</c> that begins a line, or null when there is no such line or no whole number on it.</summary>
    public static long? Extract(string text)
    {
        string? line = AnswerLines.Split(text).LastOrDefault(l => l.StartsWith(AnswerMark, StringComparison.Ordinal));
        var number = line.AsSpan(line is null ? 0 : AnswerMark.Length).Trim();
        return long.TryParse(number, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value)
            ? value
            : null;
    }

    /// <summary>
    /// Checks an answer. It is correct when the value it ends with is the right one, whatever stands before. A step is "good" when its
    /// line and all before it are right, written as in <see cref="Solution"/>; the last line may follow any number of right ones.
    /// </summary>
    public PuzzleVerdict Check(string text)
    {
        string[] lines = AnswerLines.Split(text);
        bool[] labels = new bool[lines.Length];
        int right = 0;
        while (right < lines.Length && IsRight(lines, right))
            labels[right++] = true;
        int? firstInvalid = right < lines.Length ? right : null;

        long? answer = Extract(text);
        bool isCorrect = answer == Value;
        string? reason = isCorrect ? null : Explain(lines, firstInvalid, answer);
        return new PuzzleVerdict(isCorrect, answer?.ToString(CultureInfo.InvariantCulture), labels, firstInvalid, reason);
    }

    /// <summary>The value that the answer ends with; null, and no vote, when there is none.</summary>
    public string? Ballot(string text) => Extract(text)?.ToString(CultureInfo.InvariantCulture);

    private bool IsRight(string[] lines, int at) =>
        lines[at] == LastLine
            ? at == lines.Length - 1
            : at < _assignments.Length && lines[at] == _assignments[at].Line;

    private string Explain(string[] lines, int? firstInvalid, long? answer)
    {
        if (firstInvalid is { } at && at < _assignments.Length && !lines[at].StartsWith(AnswerMark, StringComparison.Ordinal))
            return $"line {at + 1}, {PuzzleException.Quote(lines[at])}: '{_assignments[at].Line}' is right";
        return answer is { } value ? $"the answer is {value}, not {Value}" : $"there is no last line '{AnswerMark} VALUE'";
    }
}
