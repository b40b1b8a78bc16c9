using Ponder.Numerics;

namespace Ponder.Reasoning.Probes;

/// <summary>A probe that cannot be trained, read or used: one sentence that names the part that is wrong.</summary>
public sealed class ProbeException : PonderException
{
    /// <summary>Says what is wrong.</summary>
    /// <param name="message">One sentence.</param>
    public ProbeException(string message)
        : base(message)
    {
    }

    /// <summary>Says what is wrong, and what it comes from.</summary>
    /// <param name="message">One sentence.</param>
    /// <param name="inner">What caused it.</param>
    public ProbeException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
