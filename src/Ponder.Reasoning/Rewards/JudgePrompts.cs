using System.Globalization;
using System.Text.RegularExpressions;
using Ponder.Reasoning.Problems;
using Ponder.Reasoning.Sessions;

namespace Ponder.Reasoning.Rewards;

/// <summary>What judges are asked, in the project's own words, and how their opinions are read.</summary>
internal static partial class JudgePrompts
{
    /// <summary>The question of a verdict: yes or no.</summary>
    public const string IsCorrect = "Is the answer correct (Yes/No)?";

    /// <summary>The question that a thought is asked about itself, and the beginning of its reply.</summary>
    public const string SelfCheck = "\n\nLooking back at all of the above: is its answer correct (Yes/No)? Reply:";

    private const string VerifyRequest =
        "Check the solution step by step: work each step out anew, and say whether it holds. Then end with one line of this form: Verdict: Yes, or Verdict: No, "
        + "as the reply to this question: " + IsCorrect;

    private const string RateRequest =
        "First set up three to five principles by which an answer to this question should be judged, each with its weight in percent. "
        + "Then examine the solution by each of them, and name what is wrong with it. "
        + "End with one line of this form: Score: n, where n is a whole number from 1 (worthless) to 10 (without fault).";

    private const string ForeseeRequest =
        "This solution may not be finished yet. Look at where it stands now: can it still come to a correct answer from here? "
        + "Reply with one word: sure, likely, or impossible.";

    /// <summary>Asks for a verdict at once.</summary>
    public static Prompt Ask(Problem problem, Thought thought) => About(problem, thought, IsCorrect);

    /// <summary>Asks for a verdict after a check in words.</summary>
    public static Prompt Verify(Problem problem, Thought thought) => About(problem, thought, VerifyRequest);

    /// <summary>Asks for principles, a critique and a score.</summary>
    public static Prompt Rate(Problem problem, Thought thought) => About(problem, thought, RateRequest);

    /// <summary>Asks whether an answer that may be partial can still come right.</summary>
    public static Prompt Foresee(Problem problem, Thought thought) => About(problem, thought, ForeseeRequest);

    /// <summary>1 where the last verdict of a text is yes, 0 where it is no; null where it holds none.</summary>
    public static double? ReadYes(string text) =>
        Verdicts.Matches(text) is { Count: > 0 } all ? all[^1].Value.StartsWith("y", StringComparison.OrdinalIgnoreCase) ? 1 : 0 : null;

    /// <summary>The last score of a text; null where it holds none from 1 to 10.</summary>
    public static double? ReadScore(string text) =>
        Scores.Matches(text) is { Count: > 0 } all
        && double.Parse(all[^1].Groups[1].ValueSpan, NumberStyles.Float, CultureInfo.InvariantCulture) is double score and >= 1 and <= 10
            ? score : null;

    private static Prompt About(Problem problem, Thought thought, string request) =>
        problem.Prompt.Instead($"Question:\n{problem.Question}\n\nSolution:\n{thought.Text.Trim()}\n\n{request}");

    // Not the "Yes/No" of the question itself, which some judges repeat.
    [GeneratedRegex(@"(?<![/\w])(?:yes|no)(?![/\w])", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Verdicts { get; }

    [GeneratedRegex(@"\bscore\b[\s:=*]{0,8}([0-9]{1,3}(?:\.[0-9]{1,3})?)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Scores { get; }
}
