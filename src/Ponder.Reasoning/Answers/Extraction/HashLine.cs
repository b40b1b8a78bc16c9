namespace Ponder.Reasoning.Answers.Extraction;

/// <summary>The answer line of grade-school problems: <c>#### 42</c>.</summary>
internal static class HashLine
{
    /// <summary>What follows the last <c>####</c> on its line; null for none.</summary>
    public static string? Last(string text)
    {
        int at = text.LastIndexOf("####", StringComparison.Ordinal);
        if (at < 0)
            return null;
        var rest = text.AsSpan(at + 4);
        int end = rest.IndexOf('\n');
        string line = (end < 0 ? rest : rest[..end]).Trim().ToString();
        return line.Length > 0 ? line : null;
    }
}
