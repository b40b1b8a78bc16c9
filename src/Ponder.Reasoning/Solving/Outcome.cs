using Ponder.Reasoning.Budgets;
using Ponder.Reasoning.Problems;
using Ponder.Reasoning.Sessions;

namespace Ponder.Reasoning.Solving;

/// <summary>What came of a problem.</summary>
public sealed record Outcome
{
    /// <summary>The problem.</summary>
    public required Problem Problem { get; init; }

    /// <summary>The strategy's name.</summary>
    public required string Strategy { get; init; }

    /// <summary>The thought that was chosen, or that stands for the answer; null when there is none.</summary>
    public Thought? Chosen { get; init; }

    /// <summary>The answer; null when there is none.</summary>
    public string? Answer => Chosen?.Verdict?.Answer ?? Chosen?.Answer;

    /// <summary>How sure the strategy is, 0 to 1; null where it has no measure of it.</summary>
    public double? Confidence { get; init; }

    /// <summary>Whether the answer is right; null where nobody knows.</summary>
    public bool? IsCorrect => Chosen is null && Problem.Grader is not null ? false : Chosen?.IsCorrect;

    /// <summary>All thoughts, judges' included, in the order in which they came into being.</summary>
    public required IReadOnlyList<Thought> Thoughts { get; init; }

    /// <summary>The answers among them, but for those to parts of the problem.</summary>
    public IEnumerable<Thought> Samples => Thoughts.Where(thought => thought is { IsAnswer: true, IsPart: false, Parent: not null });

    /// <summary>What was spent.</summary>
    public required Ledger Ledger { get; init; }

    /// <summary>What the user should know, in sentences.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}
