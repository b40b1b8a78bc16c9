using System.Globalization;

namespace Ponder.Reasoning.Puzzles;

/// <summary>
/// The exact checker of countdown answers. Each line must read <c>37-13=24 left 24 24 36</c>: two of the numbers that are left,
/// the larger first, their exact result (positive, at most 999, division without remainder), then what is left, ascending.
/// The answer is right when every line is valid and the last leaves the target alone. A step is "good" when its line is
/// valid and the target can still be reached.
/// </summary>
internal static class CountdownChecker
{
    public static PuzzleVerdict Check(CountdownPuzzle puzzle, string text)
    {
        string[] lines = AnswerLines.Split(text);
        bool[] labels = new bool[lines.Length];
        int[] left = [.. puzzle.Numbers];
        var parts = left.Select(n => (Value: n, Expression: (Expression)new NumberExpression(n))).ToList();
        for (int i = 0; i < lines.Length; i++)
        {
            if (Apply(lines[i], ref left, out var step) is { } reason)
                return new PuzzleVerdict(false, null, labels, i, $"line {i + 1}, {PuzzleException.Quote(lines[i])}: {reason}");
            labels[i] = puzzle.Search.CanReach(left);
            var first = Take(parts, step.First);
            var second = Take(parts, step.Second);
            parts.Add((step.Result, new BinaryExpression(first, step.Operator, second)));
        }
        if (left is not [var only] || only != puzzle.Target)
        {
            string reason = lines.Length == 0 ? "the answer is empty" : $"the answer ends with {Join(left)} left, not {puzzle.Target} alone";
            return new PuzzleVerdict(false, null, labels, null, reason);
        }
        return new PuzzleVerdict(true, parts[0].Expression.ToString(), labels, null, null);
    }

    /// <summary>Follows one line from what is left to what it leaves; gives the rule it breaks, or null.</summary>
    private static string? Apply(string line, ref int[] left, out CountdownStep step)
    {
        if (!TryRead(line, out step, out int[] claimed))
            return "is not of the form '37-13=24 left 24 24 36'";
        var (first, @operator, second, result) = step;

        int high = Array.LastIndexOf(left, first);
        if (high < 0)
            return $"{first} is not among {Join(left)}";
        int low = Array.IndexOf(left, second);
        if (low < 0 || low == high)
            return low < 0 ? $"{second} is not among {Join(left)}" : $"{second} is there only once";
        if (second > first)
            return "the larger number comes first";

        int exact = CountdownStep.Apply(first, @operator, second);
        if (exact == 0)
            return $"{first}{@operator}{second} " + @operator switch
            {
                '/' => "leaves a remainder",
                '-' => "is not positive",
                _ => $"is over {CountdownPuzzle.Largest}",
            };
        if (exact != result)
            return $"{first}{@operator}{second} is {exact}, not {result}";

        int[] next = new int[left.Length - 1];
        CountdownStep.Replace(left, low, high, result, next);
        if (!next.AsSpan().SequenceEqual(claimed))
            return $"what is left is {Join(next)}";
        left = next;
        return null;
    }

    private static bool TryRead(ReadOnlySpan<char> line, out CountdownStep step, out int[] left)
    {
        step = default;
        left = [];
        if (!TryReadNumber(ref line, out int first) || line.IsEmpty || !CountdownStep.Operators.Contains(line[0]))
            return false;
        char @operator = line[0];
        line = line[1..];
        if (!TryReadNumber(ref line, out int second) || !TryReadMark(ref line, "=") || !TryReadNumber(ref line, out int result)
            || !TryReadMark(ref line, " left"))
            return false;

        var numbers = new List<int>(CountdownPuzzle.MostNumbers);
        while (!line.IsEmpty)
        {
            if (!TryReadMark(ref line, " ") || !TryReadNumber(ref line, out int number))
                return false;
            numbers.Add(number);
        }
        step = new CountdownStep(first, @operator, second, result);
        left = [.. numbers];
        return numbers.Count > 0;
    }

    /// <summary>Reads a positive number without leading zeros. Nine digits suffice to name any wrong one.</summary>
    private static bool TryReadNumber(ref ReadOnlySpan<char> line, out int number)
    {
        number = 0;
        int length = line.IndexOfAnyExceptInRange('0', '9') is var end and >= 0 ? end : line.Length;
        if (length is 0 or > 9 || line[0] == '0')
            return false;
        number = int.Parse(line[..length], NumberStyles.None, CultureInfo.InvariantCulture);
        line = line[length..];
        return true;
    }

    private static bool TryReadMark(ref ReadOnlySpan<char> line, string mark)
    {
        if (!line.StartsWith(mark, StringComparison.Ordinal))
            return false;
        line = line[mark.Length..];
        return true;
    }

    private static Expression Take(List<(int Value, Expression Expression)> parts, int value)
    {
        int at = parts.FindIndex(part => part.Value == value);
        var expression = parts[at].Expression;
        parts.RemoveAt(at);
        return expression;
    }

    private static string Join(int[] numbers) => string.Join(' ', numbers);
}
