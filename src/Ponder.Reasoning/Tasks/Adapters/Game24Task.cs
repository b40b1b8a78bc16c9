using System.Globalization;
using Ponder.Reasoning.Problems;
using Ponder.Reasoning.Verifiers;

namespace Ponder.Reasoning.Tasks.Adapters;

/// <summary>The Game of 24 as the Tree of Thoughts asks it (Yao et al., arXiv 2305.10601): four numbers, one expression.</summary>
internal static class Game24Task
{
    private const int Target = 24, MostNumbers = 12, Largest = 1_000_000;

    public static TaskRow Row { get; } = new(
        "game24", "Make 24 of four numbers in one expression; checked exactly.", "Puzzles, numbers or prompt: numbers with spaces between them; target, if not 24",
        fields => ToProblem(
            fields.Text("numbers", "Puzzles", "prompt"), fields.Find("target") is string target ? Number(target) : Target,
            fields.Find("id", "Rank") ?? fields.Place),
        text => ToProblem(text, Target, "1"));

    private static Problem ToProblem(string text, int target, string id)
    {
        int[] numbers = [.. text.Split([' ', ',', '\t'], StringSplitOptions.RemoveEmptyEntries).Select(Number)];
        if (numbers.Length is < 2 or > MostNumbers)
            throw new TaskException($"there are {numbers.Length} numbers; a game has 2 to {MostNumbers}");
        string question = TaskPrompts.Game(string.Join(' ', numbers), target);
        var rules = new ArithmeticVerifier(numbers, target);
        return new Problem
        {
            Id = id,
            Task = Row.Name,
            Prompt = TaskPrompts.Ask(question, TaskPrompts.Expression),
            Question = question,
            Answers = ExpressionAnswers.Instance,
            Verifier = rules,
            Grader = rules,
        };
    }

    private static int Number(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number <= Largest
        ? number
        : throw new TaskException($"'{text}' is not a whole number from 0 to {Largest}");
}
