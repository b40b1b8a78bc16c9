using System.Globalization;
using System.Text;

namespace Ponder.Reasoning.Puzzles;

/// <summary>Reach the target with <c>+ - * /</c>, every number used once. The format is that of <c>models/puzzles/README.md</c>.</summary>
public sealed class CountdownPuzzle : IPuzzle
{
    /// <summary>The largest number a puzzle, a target or a result may have: the policy's tokens end there.</summary>
    public const int Largest = 999;

    /// <summary>The most numbers a puzzle may have: the exhaustive search behind the step labels stays instant.</summary>
    public const int MostNumbers = 6;

    private readonly int[] _numbers;

    /// <summary>Creates the puzzle.</summary>
    /// <param name="numbers">Two to six numbers from 1 to 999, in any order.</param>
    /// <param name="target">The number to reach, 1 to 999.</param>
    /// <exception cref="PuzzleException">Too few or too many numbers, or one out of range.</exception>
    public CountdownPuzzle(IEnumerable<int> numbers, int target)
    {
        _numbers = [.. numbers.Take(MostNumbers + 1)];
        if (_numbers.Length is < 2 or > MostNumbers)
        {
            string count = _numbers.Length > MostNumbers ? $"more than {MostNumbers}" : _numbers.Length.ToString(CultureInfo.InvariantCulture);
            throw new PuzzleException(
                $"a countdown puzzle has 2 to {MostNumbers} numbers (the built-in policy was trained on three and four); this one has {count}");
        }
        foreach (int number in _numbers)
            Require(number, "number");
        Require(target, "target");
        Array.Sort(_numbers);
        Target = target;
        Search = new CountdownSearch(target);
        Prompt = $"Make {target} from {string.Join(' ', _numbers)}:\n";
    }

    /// <inheritdoc/>
    public string Task => PuzzleTasks.Countdown;

    /// <summary>The numbers, ascending.</summary>
    public IReadOnlyList<int> Numbers => _numbers;

    /// <summary>The number to reach.</summary>
    public int Target { get; }

    /// <inheritdoc/>
    public string Prompt { get; }

    /// <inheritdoc/>
    public string? Caution => _numbers.Length is 3 or 4
        ? null
        : $"the built-in policy was trained on three and four numbers: do not expect much of it with {_numbers.Length}";

    /// <summary>The exhaustive search towards the target; it remembers what it found from one answer to the next.</summary>
    public CountdownSearch Search { get; }

    /// <summary>Whether the puzzle has a solution at all.</summary>
    public bool IsSolvable => Search.CanReach(_numbers);

    /// <summary>
    /// Reads the prompt's form, <c>Make 84 from 13 24 36 37:</c>, and what a person types: <c>make 24 from 3, 7, 8 and 12</c>,
    /// <c>24 from 3 7 8 12</c>.
    /// </summary>
    /// <exception cref="PuzzleException">The text is none of these, or a number is out of range.</exception>
    public static CountdownPuzzle Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string[] words = text.TrimEnd(' ', '\r', '\n', '\t', ':', '.', '?', '!')
            .Split([' ', '\t', '\r', '\n', ',', ';'], StringSplitOptions.RemoveEmptyEntries);
        int at = words.Length > 0 && Is(words[0], "make") ? 1 : 0;
        if (words.Length < at + 2 || !Is(words[at + 1], "from"))
            throw new PuzzleException($"cannot read {PuzzleException.Quote(text)} as a countdown puzzle: write '{PuzzleParser.CountdownExample}'");
        int target = ReadNumber(words[at], "target");
        var numbers = words.Skip(at + 2).Where(word => !Is(word, "and") && word != "&").Select(word => ReadNumber(word, "number"));
        return new CountdownPuzzle(numbers, target);
    }

    /// <inheritdoc/>
    public PuzzleVerdict Check(string text) => CountdownChecker.Check(this, text);

    /// <summary>The answer's text: many different answers are right, so a vote counts texts.</summary>
    public string? Ballot(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string trimmed = text.Trim();
        return trimmed.Length == 0 ? null : trimmed;
    }

    /// <summary>Writes steps as the policy writes an answer: one line an operation, with what is left.</summary>
    /// <exception cref="ArgumentException">A step takes a number that is not left.</exception>
    public string Render(IEnumerable<CountdownStep> steps)
    {
        var text = new StringBuilder();
        var left = _numbers.ToList();
        foreach (var step in steps)
        {
            if (!left.Remove(step.First) || !left.Remove(step.Second))
                throw new ArgumentException($"The step {step} takes a number that is not left.", nameof(steps));
            left.Add(step.Result);
            left.Sort();
            text.Append(CultureInfo.InvariantCulture, $"{step} left {string.Join(' ', left)}\n");
        }
        return text.ToString();
    }

    private static bool Is(string word, string expected) => word.Equals(expected, StringComparison.OrdinalIgnoreCase);

    private static int ReadNumber(string word, string what)
    {
        if (int.TryParse(word, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number))
            return Require(number, what);
        bool isWhole = word.AsSpan().TrimStart("+-").IndexOfAnyExceptInRange('0', '9') < 0 && char.IsAsciiDigit(word[^1]);
        throw new PuzzleException(isWhole
            ? OutOfRange(PuzzleException.Quote(word), what)
            : $"cannot read {PuzzleException.Quote(word)} as the {what} of a countdown puzzle: it takes whole numbers from 1 to {Largest}");
    }

    private static int Require(int number, string what) => number is >= 1 and <= Largest
        ? number
        : throw new PuzzleException(OutOfRange(number.ToString(CultureInfo.InvariantCulture), what));

    private static string OutOfRange(string number, string what) =>
        $"the {what} {number} is out of range: a countdown puzzle takes whole numbers from 1 to {Largest}";
}
