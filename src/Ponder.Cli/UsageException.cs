using Ponder.Numerics;

namespace Ponder.Cli;

/// <summary>The command line, or a file that it names, cannot be used.</summary>
/// <param name="message">One sentence that names the option or the file.</param>
/// <param name="innerException">The cause, if there is one.</param>
internal sealed class UsageException(string message, Exception? innerException = null) : PonderException(message, innerException!);
