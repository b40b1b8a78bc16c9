using Ponder.Numerics;

namespace Ponder.Models.Hub;

/// <summary>
/// A model that could not be pulled from a hub, or found in the cache; the message says what to do about it and never
/// holds the token.
/// </summary>
public sealed class HubException : PonderException
{
    /// <summary>Creates the error.</summary>
    /// <param name="message">One sentence that names the repository, the file or the setting.</param>
    public HubException(string message) : base(message) { }

    /// <summary>Creates the error with its cause.</summary>
    /// <param name="message">One sentence that names the repository, the file or the setting.</param>
    /// <param name="innerException">The cause.</param>
    public HubException(string message, Exception innerException) : base(message, innerException) { }
}
