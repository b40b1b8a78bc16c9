using Ponder.Numerics;

namespace Ponder.Inference.Branches;

/// <summary>A saved branch that cannot be written, or cannot be taken up: it is cut off, damaged, of another model, settings or version.</summary>
public sealed class SavedBranchException : PonderException
{
    /// <summary>Creates the error.</summary>
    /// <param name="path">The file.</param>
    /// <param name="message">What is wrong; the full stop may be left out.</param>
    /// <param name="innerException">The cause, if there is one.</param>
    public SavedBranchException(string path, string message, Exception? innerException = null)
        : base($"{path}: {message}{(message[^1] is '.' ? "" : ".")}", innerException!) => Path = path;

    /// <summary>The file.</summary>
    public string Path { get; }
}
