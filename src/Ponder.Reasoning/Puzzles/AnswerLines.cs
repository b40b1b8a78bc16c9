namespace Ponder.Reasoning.Puzzles;

/// <summary>Cuts an answer into its steps. A step ends at a line feed; the last may lack it.</summary>
internal static class AnswerLines
{
    /// <summary>
    /// The lines of an answer. An empty line inside counts, so that labels stay in step with rewards read at line ends;
    /// an empty text has no lines.
    /// </summary>
    public static string[] Split(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        text = text.ReplaceLineEndings("\n");
        if (text.EndsWith('\n'))
            text = text[..^1];
        return text.Length == 0 ? [] : text.Split('\n');
    }
}
