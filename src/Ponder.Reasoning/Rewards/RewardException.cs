using Ponder.Numerics;

namespace Ponder.Reasoning.Rewards;

/// <summary>A reward that cannot be used as asked: one sentence that names the part that is wrong.</summary>
/// <param name="message">One sentence.</param>
public sealed class RewardException(string message) : PonderException(message);
