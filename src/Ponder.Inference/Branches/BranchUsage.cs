using Ponder.Inference.Scheduling;

namespace Ponder.Inference.Branches;

/// <summary>What a tree of branches has cost so far.</summary>
/// <param name="PromptTokens">Given tokens that were computed, each once however many branches share it.</param>
/// <param name="GeneratedTokens">Tokens that were drawn.</param>
/// <param name="ReusedTokens">Tokens whose keys and values were found in the prefix tree.</param>
/// <param name="RecomputedTokens">Tokens computed again, after their memory was given to others.</param>
/// <param name="Steps">Steps of the engine that the tree took part in.</param>
/// <param name="KvTokens">Positions that the tree holds in KV memory now, each once, in whole pages.</param>
/// <param name="AverageKvTokens">The same, averaged over the steps that the tree took part in.</param>
/// <param name="PeakKvTokens">The most that it held.</param>
public readonly record struct BranchUsage(
    long PromptTokens, long GeneratedTokens, long ReusedTokens, long RecomputedTokens, long Steps, int KvTokens, double AverageKvTokens, int PeakKvTokens)
{
    internal BranchUsage(RequestGroup group)
        : this(
            group.Tokens.Prompt, group.Tokens.Generated, group.Tokens.Reused, group.Tokens.Recomputed, group.Meter.Samples, group.Meter.Tokens, group.Meter.Average,
            group.Meter.Peak)
    {
    }
}
