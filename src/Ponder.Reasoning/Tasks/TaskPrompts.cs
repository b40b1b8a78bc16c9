using Ponder.Reasoning.Problems;

namespace Ponder.Reasoning.Tasks;

/// <summary>What each task says to the policy about the form of an answer: all prompt texts in one place.</summary>
internal static class TaskPrompts
{
    public const string Number = "Think step by step. Put the result on a last line of this form: #### number";

    public const string Math = "Think step by step. Put the final answer, and nothing else, inside \\boxed{}.";

    public const string Choice = "Think step by step. Put the letter of your choice on a last line of this form: Answer: (A)";

    public const string Text = "Think step by step. Put the answer, and nothing else, on a last line of this form: Answer: text";

    public const string Expression = "Put the expression alone on a last line of this form: Answer: (a + b) * (c - d) = 24";

    /// <summary>The question with the instruction behind it.</summary>
    public static Prompt Ask(string question, string instruction, string? system = null) => Prompt.Ask($"{question.Trim()}\n\n{instruction}", system);

    public static string Game(string numbers, int target) =>
        $"Use each of the numbers {numbers} exactly once, with + - * / and parentheses, so that the result is {target}.";

    public static string Code(string language, string fence, string beginning) =>
        $"Complete this {language} program. Answer with the whole program, with what is given, in one code block; write no tests.\n\n"
        + $"```{fence}\n{beginning.TrimEnd()}\n```";
}
