namespace Ponder.Reasoning.Budgets;

/// <summary>What was spent on one problem, in total and per step. The sums agree with the engine's own counters.</summary>
public sealed record Ledger
{
    /// <summary>Tokens drawn by the policy.</summary>
    public long GeneratedTokens { get; init; }

    /// <summary>Given tokens computed by the policy, each once however many thoughts share it.</summary>
    public long PromptTokens { get; init; }

    /// <summary>Given tokens that did not have to be computed: what thoughts have in common, and what was found in the cache.</summary>
    public long SharedTokens { get; init; }

    /// <summary>Tokens computed again, for want of memory or to read hidden states.</summary>
    public long RecomputedTokens { get; init; }

    /// <summary>Tokens computed by reward models.</summary>
    public long RewardTokens { get; init; }

    /// <summary>Tokens drawn one after another on the longest path.</summary>
    public long SequentialTokens { get; init; }

    /// <summary>Answers begun.</summary>
    public int Samples { get; init; }

    /// <summary>Answers checked by a verifier.</summary>
    public int Verified { get; init; }

    /// <summary>Unique tokens in the policy's KV memory, averaged over its steps.</summary>
    public double AverageKvTokens { get; init; }

    /// <summary>The most of them.</summary>
    public int PeakKvTokens { get; init; }

    /// <summary>Estimated floating-point operations of the policy; NaN where the model is not known.</summary>
    public double Flops { get; init; } = double.NaN;

    /// <summary>Estimated bytes that the policy moved from memory; NaN where the model is not known.</summary>
    public double Bytes { get; init; } = double.NaN;

    /// <summary>Wall time.</summary>
    public TimeSpan Time { get; init; }

    /// <summary>What each step bought, in order.</summary>
    public IReadOnlyList<LedgerStep> Steps { get; init; } = [];
}
