using Ponder.Reasoning.Problems;
using Ponder.Reasoning.Puzzles;

namespace Ponder.Reasoning.Verifiers;

/// <summary>Checks an answer to a puzzle by the puzzle's own rules.</summary>
/// <param name="puzzle">The puzzle.</param>
public sealed class PuzzleVerifier(IPuzzle puzzle) : IVerifier
{
    /// <summary>The puzzle.</summary>
    public IPuzzle Puzzle { get; } = puzzle;

    /// <inheritdoc/>
    public string Name => "puzzle";

    /// <inheritdoc/>
    public bool IsExact => true;

    /// <inheritdoc/>
    public string Cost => "microseconds";

    /// <inheritdoc/>
    public Task<Verdict> VerifyAsync(Problem problem, string text, CancellationToken cancellationToken = default)
    {
        var found = Puzzle.Check(text);
        return Task.FromResult(new Verdict(found.IsCorrect, found.Answer, found.Reason));
    }
}
