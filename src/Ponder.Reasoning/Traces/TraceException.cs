using Ponder.Numerics;

namespace Ponder.Reasoning.Traces;

/// <summary>A trace cannot be read.</summary>
/// <param name="message">One sentence with the file and the line.</param>
public sealed class TraceException(string message) : PonderException(message);
