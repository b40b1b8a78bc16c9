namespace Ponder.Reasoning.Verifiers.Code;

/// <summary>A language that answers may be written in.</summary>
public enum CodeLanguage
{
    /// <summary>Python 3, by the interpreter that <c>python3</c> on the PATH names.</summary>
    Python,

    /// <summary>C#, compiled in the child process.</summary>
    CSharp,
}

/// <summary>A function to write, and its tests.</summary>
/// <param name="Language">The language.</param>
/// <param name="Prompt">
/// The program's beginning: imports, helpers, and the wanted function's head with what it says of itself; in C# up to the brace that opens its body.
/// </param>
/// <param name="Tests">
/// The tests. In Python a program that calls the function, or defines <c>check(candidate)</c>; in C# the rest of the program, from the brace that
/// closes the body on, with a <c>Main</c> that asserts.
/// </param>
/// <param name="EntryPoint">The function's name in Python; null in C#, where the prompt's last method is the one.</param>
public sealed record CodeProblem(CodeLanguage Language, string Prompt, string Tests, string? EntryPoint = null);

/// <summary>What an answer's code may use while it is checked; the same again for the tests.</summary>
public sealed record CodeLimits
{
    /// <summary>Time by the clock, for the whole check. The session's own limit on a check may be shorter.</summary>
    public TimeSpan Time { get; init; } = TimeSpan.FromSeconds(8);

    /// <summary>Processor time in whole seconds, at least 1.</summary>
    public int CpuSeconds { get; init; } = 8;

    /// <summary>Memory it may write to, in bytes; at least 64 MiB.</summary>
    public long MemoryBytes { get; init; } = 512L << 20;

    /// <summary>What it may print, in bytes.</summary>
    public int OutputBytes { get; init; } = 1 << 20;

    /// <summary>Goes on where the kernel cannot close files to the code (no Landlock); it may then read what the user may read, but not send it anywhere.</summary>
    public bool MayReadFiles { get; init; }

    internal void Demand()
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(Time, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(CpuSeconds, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MemoryBytes, 64L << 20);
        ArgumentOutOfRangeException.ThrowIfLessThan(OutputBytes, 0);
    }
}
