using Ponder.Numerics;

namespace Ponder.Reasoning.Policies;

/// <summary>A policy that cannot do what it is asked, or failed at it: one sentence that names the policy or the option.</summary>
public sealed class PolicyException : PonderException
{
    /// <summary>Something cannot be done.</summary>
    /// <param name="message">One sentence.</param>
    public PolicyException(string message) : base(message) { }

    /// <summary>Something failed.</summary>
    /// <param name="message">One sentence.</param>
    /// <param name="cause">What lies behind it.</param>
    public PolicyException(string message, Exception cause) : base(message, cause) { }
}
