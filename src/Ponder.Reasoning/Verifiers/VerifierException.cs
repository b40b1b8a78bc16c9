using Ponder.Numerics;

namespace Ponder.Reasoning.Verifiers;

/// <summary>A verifier that cannot be made as asked: one sentence that names the part that is wrong.</summary>
/// <param name="message">One sentence.</param>
public sealed class VerifierException(string message) : PonderException(message);
