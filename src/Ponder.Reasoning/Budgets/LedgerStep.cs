namespace Ponder.Reasoning.Budgets;

/// <summary>One entry of a ledger: what one step of a strategy bought.</summary>
/// <param name="Name">What was done: <c>sample</c>, <c>score</c>, <c>judge</c> …</param>
/// <param name="Thoughts">Thoughts that took part.</param>
/// <param name="GeneratedTokens">Tokens drawn.</param>
/// <param name="SequentialTokens">The most tokens that one of the thoughts drew.</param>
/// <param name="PromptTokens">Given tokens computed by the policy, each once.</param>
/// <param name="RewardTokens">Tokens computed by reward models.</param>
/// <param name="KvTokens">The most unique tokens in KV memory so far.</param>
/// <param name="Time">Wall time.</param>
public sealed record LedgerStep(
    string Name, int Thoughts, long GeneratedTokens, long SequentialTokens, long PromptTokens, long RewardTokens, int KvTokens, TimeSpan Time)
{
    /// <summary>Given and drawn tokens that stood before and did not have to be computed.</summary>
    public long SharedTokens { get; init; }

    /// <summary>Tokens computed again.</summary>
    public long RecomputedTokens { get; init; }

    /// <summary>Unique tokens in the policy's KV memory, averaged over the engine's steps of this one; NaN where there were none.</summary>
    public double AverageKvTokens { get; init; } = double.NaN;

    /// <summary>Estimated floating-point operations of the policy; NaN where the model is not known.</summary>
    public double Flops { get; init; } = double.NaN;

    /// <summary>Estimated bytes that the policy moved from memory; NaN where the model is not known.</summary>
    public double Bytes { get; init; } = double.NaN;
}
