using Ponder.Numerics;

namespace Ponder.Reasoning.Comparison;

/// <summary>A grid that cannot be run, or results that are none of its own.</summary>
/// <param name="message">One sentence that names what is wrong.</param>
/// <param name="innerException">The cause, if there is one.</param>
public sealed class ComparisonException(string message, Exception? innerException = null) : PonderException(message, innerException!);
