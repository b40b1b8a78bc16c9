namespace Ponder.Reasoning.Puzzles;

/// <summary>What the exact checker found in one answer.</summary>
/// <param name="IsCorrect">Whether the answer solves the puzzle.</param>
/// <param name="Answer">
/// The answer as shown to people, null when there is none: for a countdown the right solution as one expression,
/// for a chain the value that the answer ends with, right or wrong.
/// </param>
/// <param name="StepLabels">One label for each line of the answer: true is "good" as the process reward model learned it.</param>
/// <param name="FirstInvalidStep">The index from 0 of the first line that breaks the rules or is wrong; null when every line holds.</param>
/// <param name="Reason">Why the answer is not correct, in one sentence; null when it is.</param>
public sealed record PuzzleVerdict(bool IsCorrect, string? Answer, IReadOnlyList<bool> StepLabels, int? FirstInvalidStep, string? Reason);
