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
    string Name, int Thoughts, long GeneratedTokens, long SequentialTokens, long PromptTokens, long RewardTokens, int KvTokens, TimeSpan Time);
