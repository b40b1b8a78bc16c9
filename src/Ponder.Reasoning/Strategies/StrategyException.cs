using Ponder.Numerics;

namespace Ponder.Reasoning.Strategies;

/// <summary>A strategy that cannot be used as asked: one sentence that names the part that is wrong.</summary>
/// <param name="message">One sentence.</param>
public sealed class StrategyException(string message) : PonderException(message);
