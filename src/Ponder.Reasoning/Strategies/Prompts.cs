using System.Text.RegularExpressions;

namespace Ponder.Reasoning.Strategies;

/// <summary>What strategies say to the policy, in the project's own words.</summary>
internal static partial class Prompts
{
    /// <summary>Asks for a critique of the answer before it.</summary>
    public const string Feedback =
        "Look at this answer as a strict examiner would. Work through it again step by step, name each mistake, and say how to mend it. "
        + "If there is nothing to mend, reply with this line alone: NOTHING TO MEND";

    /// <summary>Asks for a better answer after a critique.</summary>
    public const string Refine = "Now answer the question again, from the beginning, with all of this put right. Give the final answer in the form that was asked for.";

    /// <summary>What follows the question when a program is wanted.</summary>
    /// <param name="language">The language, as people call it.</param>
    public static string Program(string language) =>
        $"Do not answer in words. Write one complete {language} program that computes the answer and prints it, and nothing else, as its last line. "
        + "It reads no input and uses the standard library alone. Put the program into one code block.";

    /// <summary>Whether a critique finds nothing to mend.</summary>
    public static bool IsSatisfied(string feedback) => Satisfied.IsMatch(feedback);

    /// <summary>Asks for another answer after one that was not accepted.</summary>
    /// <param name="reason">What the verifier said; null when it said nothing.</param>
    public static string Mend(string? reason) =>
        (reason is null ? "This answer was checked, and it is not right." : $"This answer was checked, and it is not right: {reason}")
        + "\nFind the mistake, then answer the question again, from the beginning, in the form that was asked for.";

    [GeneratedRegex(@"\bnothing to mend\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Satisfied { get; }
}
