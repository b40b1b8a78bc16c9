namespace Ponder.Reasoning.Puzzles;

/// <summary>Recognises which task a typed text is.</summary>
public static class PuzzleParser
{
    internal const string CountdownExample = "Make 24 from 3 7 8 12";
    internal const string ChainExample = "a=3 b=a+4 b?";

    /// <summary>Reads a puzzle: a text with <c>=</c> is a chain, one with the word <c>from</c> or <c>make</c> a countdown.</summary>
    /// <exception cref="PuzzleException">It is neither, or not well formed: one sentence with an example to follow.</exception>
    public static IPuzzle Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Contains('='))
            return ChainPuzzle.Parse(text);
        bool isCountdown = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
            .Any(word => word.Equals("from", StringComparison.OrdinalIgnoreCase) || word.Equals("make", StringComparison.OrdinalIgnoreCase));
        return isCountdown
            ? CountdownPuzzle.Parse(text)
            : throw new PuzzleException($"cannot read {PuzzleException.Quote(text)} as a puzzle: write '{CountdownExample}' or '{ChainExample}'");
    }

    /// <summary>Reads a puzzle of a named task.</summary>
    /// <exception cref="PuzzleException">There is no such task, or the text is not a puzzle of it.</exception>
    public static IPuzzle Parse(string text, string task) => PuzzleTasks.Require(task) == PuzzleTasks.Countdown
        ? CountdownPuzzle.Parse(text)
        : ChainPuzzle.Parse(text);
}
