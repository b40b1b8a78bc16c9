using System.Globalization;

namespace Ponder.Reasoning.Puzzles;

/// <summary>One operation of a countdown: <c>37-13=24</c>.</summary>
/// <param name="First">The larger of the two numbers (or equal).</param>
/// <param name="Operator">One of <c>+ - * /</c>.</param>
/// <param name="Second">The smaller of the two numbers (or equal).</param>
/// <param name="Result">What they give, 1 to 999.</param>
public readonly record struct CountdownStep(int First, char Operator, int Second, int Result)
{
    internal const string Operators = "+-*/";

    /// <summary>
    /// What two numbers give, or 0 where the rules forbid it: results are positive and at most 999,
    /// and a division has no remainder.
    /// </summary>
    internal static int Apply(int first, char @operator, int second)
    {
        int result = @operator switch
        {
            '+' => first + second,
            '-' => first - second,
            '*' => first * second, // at most 999 * 999
            _ => first % second == 0 ? first / second : 0,
        };
        return result is >= 1 and <= CountdownPuzzle.Largest ? result : 0;
    }

    /// <summary>Fills <paramref name="next"/>, one shorter, with what is left of ascending numbers: two go, the result takes its place.</summary>
    internal static void Replace(ReadOnlySpan<int> numbers, int low, int high, int result, Span<int> next)
    {
        int to = 0;
        for (int from = 0; from < numbers.Length; from++)
        {
            if (from != low && from != high)
                next[to++] = numbers[from];
        }
        while (to > 0 && next[to - 1] > result)
        {
            next[to] = next[to - 1];
            to--;
        }
        next[to] = result;
    }

    /// <summary><c>37-13=24</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{First}{Operator}{Second}={Result}");
}
