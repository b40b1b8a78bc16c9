namespace Ponder.Reasoning.Puzzles;

/// <summary>One problem of a task: the prompt that a policy answers, and the exact checker of its answers. Safe to use from many threads.</summary>
public interface IPuzzle
{
    /// <summary>The task's name, one of <see cref="PuzzleTasks"/>.</summary>
    string Task { get; }

    /// <summary>The prompt in the one form that the embedded policy was trained on; ends with a line feed.</summary>
    string Prompt { get; }

    /// <summary>A sentence to show when the puzzle lies outside what the embedded policy was trained on; null when it does not.</summary>
    string? Caution { get; }

    /// <summary>Checks an answer, whole or as far as it has come: one step a line.</summary>
    PuzzleVerdict Check(string text);

    /// <summary>
    /// What a majority vote counts this answer as, found without looking at whether it is right:
    /// the value of a chain, the text itself of a countdown; null when the answer does not vote.
    /// </summary>
    string? Ballot(string text);
}
