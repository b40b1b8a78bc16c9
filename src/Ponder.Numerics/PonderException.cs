namespace Ponder.Numerics;

/// <summary>
/// The root of every error that Ponder raises on purpose. Its message is one sentence a user can act on:
/// it names the file, the field, the offset or the parameter.
/// </summary>
public class PonderException : Exception
{
    /// <summary>Creates the error.</summary>
    /// <param name="message">One sentence that names what is wrong and where.</param>
    public PonderException(string message) : base(message) { }

    /// <summary>Creates the error with its cause.</summary>
    /// <param name="message">One sentence that names what is wrong and where.</param>
    /// <param name="innerException">The cause.</param>
    public PonderException(string message, Exception innerException) : base(message, innerException) { }
}
