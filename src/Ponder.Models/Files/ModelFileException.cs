using Ponder.Numerics;

namespace Ponder.Models.Files;

/// <summary>A model file (weights, config, tokenizer, template) that cannot be used; the message names the file and the field.</summary>
public sealed class ModelFileException : PonderException
{
    /// <summary>Creates the error.</summary>
    /// <param name="path">The file.</param>
    /// <param name="message">What is wrong, with the field or the offset; the full stop may be left out.</param>
    /// <param name="innerException">The cause, if there is one.</param>
    public ModelFileException(string path, string message, Exception? innerException = null)
        : base($"{path}: {message}{(message[^1] is '.' or '?' ? "" : ".")}", innerException!) => Path = path;

    /// <summary>The file.</summary>
    public string Path { get; }
}
