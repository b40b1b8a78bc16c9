namespace Ponder.Reasoning.Answers.Extraction;

/// <summary>The last line with something on it.</summary>
internal static class LastLine
{
    /// <summary>The line, trimmed, without the marks of emphasis and code around it; null when the text is blank.</summary>
    public static string? Of(string text)
    {
        var rest = text.AsSpan().TrimEnd();
        while (rest.Length > 0)
        {
            int start = rest.LastIndexOf('\n') + 1;
            string line = Unmarked(rest[start..].ToString());
            if (line.Length > 0)
                return line;
            rest = rest[..start].TrimEnd();
        }
        return null;
    }

    /// <summary>A text without the Markdown marks and white space around it.</summary>
    public static string Unmarked(string text) => text.Trim().Trim('*', '`', '_').Trim();
}
