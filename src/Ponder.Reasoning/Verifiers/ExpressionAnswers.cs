using Ponder.Reasoning.Answers;
using Ponder.Reasoning.Puzzles;

namespace Ponder.Reasoning.Verifiers;

/// <summary>Answers that are one arithmetic expression. Two are the same when they are written alike once spaces and needless parentheses are gone.</summary>
internal sealed class ExpressionAnswers : IAnswerReader
{
    private const string Mark = "answer:";

    public static ExpressionAnswers Instance { get; } = new();

    public string? Read(string text)
    {
        if (Find(text) is not { } found)
            return null;
        try
        {
            var expression = Expression.Parse(found.Expression);
            return expression.Numbers.Count > 1 ? expression.ToString() : null;
        }
        catch (PuzzleException)
        {
            return null;
        }
    }

    public bool AreSame(string first, string second) => string.Equals(first, second, StringComparison.Ordinal);

    /// <summary>The expression of the text, and what it is said to come to.</summary>
    public static (string Expression, string? Claim)? Find(string text)
    {
        string[] lines = text.ReplaceLineEndings("\n").Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        lines = [.. lines.Select(Bare).Where(line => line.Length > 0)];
        if (lines.Length == 0)
            return null;
        string line = lines.LastOrDefault(line => line.StartsWith(Mark, StringComparison.OrdinalIgnoreCase)) ?? lines[^1];
        if (line.StartsWith(Mark, StringComparison.OrdinalIgnoreCase))
            line = Bare(line[Mark.Length..]);
        string[] sides = line.Split('=', StringSplitOptions.TrimEntries);
        return sides switch
        {
            [var alone] => (alone, null),
            // "24 = (10 - 4) * (7 - 3)": people write it either way round.
            [var number, var expression] when number.All(char.IsAsciiDigit) && !expression.All(char.IsAsciiDigit) => (expression, number),
            [var expression, var number] => (expression, number),
            _ => (line, null),      // not an expression: the parser says why
        };
    }

    /// <summary>Without what models put around an answer: emphasis, code marks, dollar signs, a full stop.</summary>
    private static string Bare(string line) => line.Replace("**", "", StringComparison.Ordinal).Trim(' ', '\t', '`', '$', '.', '#', '>');
}
