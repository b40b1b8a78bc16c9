using Ponder.Numerics;

namespace Ponder.Inference.Scheduling;

/// <summary>Too much waits already; nothing of the request was computed.</summary>
/// <param name="limit">The most that may wait.</param>
public sealed class EngineBusyException(int limit)
    : PonderException($"{limit} branches wait for their turn already, the most that MaxWaiting allows; try again later, or ask for fewer at once.");
