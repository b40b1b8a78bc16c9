using Ponder.Numerics;

namespace Ponder.Models.Tokenizers;

/// <summary>A vocabulary that cannot be used, or a text that it cannot express; the message names the field or the character.</summary>
public sealed class TokenizerException : PonderException
{
    /// <summary>Creates the error.</summary>
    /// <param name="message">One sentence that names what is wrong and where.</param>
    public TokenizerException(string message) : base(message) { }

    /// <summary>Creates the error with its cause.</summary>
    /// <param name="message">One sentence that names what is wrong and where.</param>
    /// <param name="innerException">The cause.</param>
    public TokenizerException(string message, Exception innerException) : base(message, innerException) { }
}
