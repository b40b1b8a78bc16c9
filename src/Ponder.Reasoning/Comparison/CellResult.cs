using Ponder.Reasoning.Solving;

namespace Ponder.Reasoning.Comparison;

/// <summary>What came of one problem in one cell of a grid.</summary>
public sealed record CellResult
{
    /// <summary>The cell.</summary>
    public required GridCell Cell { get; init; }

    /// <summary>The problem's number in the file, from 1.</summary>
    public required int Number { get; init; }

    /// <summary>The problem's id.</summary>
    public required string Problem { get; init; }

    /// <summary>Whether the answer is right; what the grader cannot judge is not.</summary>
    public required bool IsCorrect { get; init; }

    /// <summary>The answer; null for none.</summary>
    public string? Answer { get; init; }

    /// <summary>How sure the strategy is, 0 to 1; null where it has no measure of it.</summary>
    public double? Confidence { get; init; }

    /// <summary>Tokens drawn by the policy, judges' and refinements' included.</summary>
    public long Tokens { get; init; }

    /// <summary>Tokens drawn one after another on the longest path.</summary>
    public long SequentialTokens { get; init; }

    /// <summary>Given tokens computed by the policy.</summary>
    public long PromptTokens { get; init; }

    /// <summary>Tokens computed by reward models.</summary>
    public long RewardTokens { get; init; }

    /// <summary>
    /// Seconds of the machine: the time since the problem before it was done, so that the sum over a cell is the cell's wall time however many problems
    /// are thought about at once.
    /// </summary>
    public double Seconds { get; init; }

    /// <summary>Seconds from the problem's begin to its end, in which others may have been thought about too.</summary>
    public double Latency { get; init; }

    /// <summary>Unique tokens in the policy's KV memory, averaged over its steps.</summary>
    public double AverageKvTokens { get; init; }

    /// <summary>The most of them.</summary>
    public int PeakKvTokens { get; init; }

    /// <summary>Bytes of KV memory that a token takes; NaN where nobody knows.</summary>
    public double KvBytesPerToken { get; init; } = double.NaN;

    /// <summary>Bytes of KV memory, averaged over the steps; NaN where nobody knows.</summary>
    public double AverageKvBytes => AverageKvTokens * KvBytesPerToken;

    /// <summary>The most of them; NaN where nobody knows.</summary>
    public double PeakKvBytes => PeakKvTokens * KvBytesPerToken;

    /// <summary>What a result says of an outcome.</summary>
    /// <param name="cell">The cell.</param>
    /// <param name="number">The problem's number, from 1.</param>
    /// <param name="outcome">The outcome.</param>
    /// <param name="seconds">The machine's.</param>
    /// <param name="kvBytesPerToken">NaN where nobody knows.</param>
    internal static CellResult Of(GridCell cell, int number, Outcome outcome, TimeSpan seconds, double kvBytesPerToken) => new()
    {
        Cell = cell,
        Number = number,
        Problem = outcome.Problem.Id,
        IsCorrect = outcome.IsCorrect == true,
        Answer = outcome.Answer,
        Confidence = outcome.Confidence,
        Tokens = outcome.Ledger.GeneratedTokens,
        SequentialTokens = outcome.Ledger.SequentialTokens,
        PromptTokens = outcome.Ledger.PromptTokens,
        RewardTokens = outcome.Ledger.RewardTokens,
        Seconds = Math.Round(seconds.TotalSeconds, 6),
        Latency = Math.Round(outcome.Ledger.Time.TotalSeconds, 6),
        AverageKvTokens = outcome.Ledger.AverageKvTokens,
        PeakKvTokens = outcome.Ledger.PeakKvTokens,
        KvBytesPerToken = kvBytesPerToken,
    };
}
