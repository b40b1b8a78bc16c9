using System.Globalization;
using System.Text.RegularExpressions;

namespace Ponder.Reasoning.Tests.Puzzles;

/// <summary>Plain second implementations that the fast ones are held against.</summary>
internal static partial class Slow
{
    /// <summary>Whether the target can be left alone: every ordered pair, every operation, nothing remembered.</summary>
    public static bool CanReach(List<int> numbers, int target)
    {
        if (numbers.Count == 1)
            return numbers[0] == target;
        for (int i = 0; i < numbers.Count; i++)
        {
            for (int j = 0; j < numbers.Count; j++)
            {
                if (i == j || numbers[i] < numbers[j])
                    continue;
                var (a, b) = (numbers[i], numbers[j]);
                var rest = numbers.Where((_, at) => at != i && at != j).ToList();
                int[] results = [a + b, a - b, a * b, a % b == 0 ? a / b : -1];
                if (results.Any(result => result is > 0 and < 1000 && CanReach([.. rest, result], target)))
                    return true;
            }
        }
        return false;
    }

    /// <summary>Whether an answer follows the rules and leaves the target alone.</summary>
    public static bool Accepts(IEnumerable<int> numbers, int target, string answer)
    {
        var left = numbers.ToList();
        if (answer.EndsWith('\n'))
            answer = answer[..^1];
        foreach (string line in answer.Split('\n'))
        {
            var match = LinePattern().Match(line);
            if (!match.Success)
                return false;
            decimal a = Number(match.Groups[1].Value), b = Number(match.Groups[3].Value), result = Number(match.Groups[4].Value);
            decimal exact = match.Groups[2].Value switch { "+" => a + b, "-" => a - b, "*" => a * b, _ => a / b };
            if (a < b || exact != result || result is < 1 or > 999 || !left.Remove((int)a) || !left.Remove((int)b))
                return false;
            left.Add((int)result);
            left.Sort();
            if (match.Groups[5].Value != string.Join(' ', left))
                return false;
        }
        return left is [var only] && only == target;
    }

    private static decimal Number(string digits) => decimal.Parse(digits, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\A([1-9][0-9]{0,8})([-+*/])([1-9][0-9]{0,8})=([1-9][0-9]{0,8}) left ([0-9 ]+)\z")]
    private static partial Regex LinePattern();
}
