using Ponder.Reasoning.Answers;
using Ponder.Reasoning.Puzzles;

namespace Ponder.Reasoning.Tasks.Adapters;

/// <summary>The votes of a built-in puzzle.</summary>
internal sealed class PuzzleAnswers(IPuzzle puzzle) : IAnswerReader
{
    public string? Read(string text) => puzzle.Ballot(text);

    public bool AreSame(string first, string second) => string.Equals(first, second, StringComparison.Ordinal);
}
