using Ponder.Numerics;

namespace Ponder.Models.Files;

/// <summary>A model file (weights, config, tokenizer, template) that cannot be used; the message names the file and the field.</summary>
public sealed class ModelFileException : PonderException
{
    /// <summary>Creates the error.</summary>
    /// <param name="path">The file.</param>
    /// <param name="message">What is wrong, with the field or the offset; a clause without a full stop at the end.</param>
    /// <param name="innerException">The cause, if there is one.</param>
    public ModelFileException(string path, string message, Exception? innerException = null)
        : base($"{path}: {message.TrimEnd('.')}.", innerException!) => Path = path;

    /// <summary>The file.</summary>
    public string Path { get; }
}
