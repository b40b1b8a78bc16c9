using Ponder.Numerics;

namespace Ponder.Reasoning.Puzzles;

/// <summary>A puzzle, an expression or a file of puzzles that cannot be read: one sentence that names the part that is wrong.</summary>
public sealed class PuzzleException : PonderException
{
    /// <summary>Creates the error.</summary>
    /// <param name="message">One sentence that names what is wrong and where.</param>
    public PuzzleException(string message) : base(message) { }

    /// <summary>Creates the error with its cause.</summary>
    /// <param name="message">One sentence that names what is wrong and where.</param>
    /// <param name="innerException">The cause.</param>
    public PuzzleException(string message, Exception innerException) : base(message, innerException) { }

    /// <summary>Text of any length as it may stand in a sentence: quoted, on one line, at most 60 characters of it.</summary>
    internal static string Quote(ReadOnlySpan<char> text)
    {
        const int Shown = 60;
        text = text.Trim();
        Span<char> line = stackalloc char[Math.Min(text.Length, Shown)];
        for (int i = 0; i < line.Length; i++)
            line[i] = char.IsControl(text[i]) ? ' ' : text[i];
        return text.Length > Shown ? $"'{line}…'" : $"'{line}'";
    }
}
