namespace Ponder.Reasoning.Verifiers;

/// <summary>Runs programs that nobody has looked at, in a place where they can do no harm. Safe to use from many threads.</summary>
public interface ICodeRunner
{
    /// <summary>Runs a program to its end, or to a limit of the runner's own.</summary>
    /// <param name="language"><c>python</c> or <c>csharp</c>.</param>
    /// <param name="code">The program.</param>
    /// <param name="cancellationToken">Ends the program.</param>
    Task<CodeRun> RunAsync(string language, string code, CancellationToken cancellationToken);
}

/// <summary>What came of a program.</summary>
/// <param name="Ended">Whether it came to its end by itself, without a fault.</param>
/// <param name="Output">What it printed.</param>
/// <param name="Error">Why it did not come to its end, in one sentence; null when it did.</param>
public sealed record CodeRun(bool Ended, string Output, string? Error);
