using Ponder.Reasoning.Problems;
using Ponder.Reasoning.Puzzles;
using Ponder.Reasoning.Verifiers;

namespace Ponder.Reasoning.Tasks.Adapters;

/// <summary>
/// The built-in puzzles, asked in the one form that the embedded policy knows. A countdown can be checked while it is solved, for its rules say
/// everything; of a chain only the grader knows the value.
/// </summary>
internal static class PuzzleTask
{
    public static TaskRow Countdown { get; } = Row(PuzzleTasks.Countdown, "Reach a target with + - * /, every number used once: built in, and checked exactly.");

    public static TaskRow Chain { get; } = Row(PuzzleTasks.Chain, "Follow assignments to the value of a variable: built in.");

    /// <summary>Either of them, as the prompt says.</summary>
    public static TaskRow Either { get; } = new(
        "puzzle", "A built-in puzzle.", "prompt", fields => ToProblem(PuzzleFile.ReadFields(fields.Json, null), fields.Find("id") ?? fields.Place), Ask: null);

    public static Problem ToProblem(IPuzzle puzzle, string id)
    {
        var rules = new PuzzleVerifier(puzzle);
        return new Problem
        {
            Id = id,
            Task = puzzle.Task,
            Prompt = Prompt.Plain(puzzle.Prompt),
            Question = puzzle.Prompt.TrimEnd('\n'),
            Answers = new PuzzleAnswers(puzzle),
            Verifier = puzzle.Task == PuzzleTasks.Countdown ? rules : null,
            Grader = rules,
        };
    }

    private static TaskRow Row(string name, string summary) => new(
        name, summary, name == PuzzleTasks.Countdown ? "prompt, or numbers and target" : "prompt",
        fields => ToProblem(PuzzleFile.ReadFields(fields.Json, name), fields.Find("id") ?? fields.Place),
        text => ToProblem(PuzzleParser.Parse(text, name), "1"));
}
