using Ponder.Numerics;

namespace Ponder.Reasoning.Auto;

/// <summary>A calibration that cannot be made, read or used: one sentence that names the part that is wrong.</summary>
public sealed class CalibrationException : PonderException
{
    /// <summary>Says what is wrong.</summary>
    /// <param name="message">One sentence.</param>
    public CalibrationException(string message) : base(message)
    {
    }

    /// <summary>Says what is wrong, and what it comes from.</summary>
    /// <param name="message">One sentence.</param>
    /// <param name="inner">What caused it.</param>
    public CalibrationException(string message, Exception inner) : base(message, inner)
    {
    }
}
