using Ponder.Numerics;

namespace Ponder.Inference.Kv;

/// <summary>The KV memory of a model did not suffice.</summary>
public sealed class KvMemoryException(string message) : PonderException(message);
