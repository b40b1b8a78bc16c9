using Ponder.Numerics;

namespace Ponder.Reasoning.Tasks;

/// <summary>A task, or a file of problems, that cannot be read: one sentence that names file, line and field.</summary>
public sealed class TaskException : PonderException
{
    /// <summary>Creates the error.</summary>
    /// <param name="message">One sentence that names what is wrong and where.</param>
    public TaskException(string message) : base(message) { }

    /// <summary>Creates the error with its cause.</summary>
    /// <param name="message">One sentence that names what is wrong and where.</param>
    /// <param name="innerException">The cause.</param>
    public TaskException(string message, Exception innerException) : base(message, innerException) { }
}
