namespace Ponder.Reasoning.Answers.Extraction;

/// <summary>Formulas in running text: <c>$…$</c>, <c>$$…$$</c>, <c>\(…\)</c> and <c>\[…\]</c>.</summary>
internal static class MathSpan
{
    private static readonly (string Open, string Close)[] Marks = [("$$", "$$"), (@"\(", @"\)"), (@"\[", @"\]"), ("$", "$")];

    /// <summary>The formula that a text begins with; null when it begins with none.</summary>
    public static string? Leading(string text) => At(text, 0)?.Content;

    /// <summary>The last formula of a text; null for none.</summary>
    public static string? Last(string text)
    {
        string? last = null;
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] is not ('$' or '\\'))
                continue;
            if (At(text, i) is var (content, end))
            {
                last = content;
                i = end - 1;
            }
            else if (text[i] == '\\')
            {
                i++;
            }
        }
        return last;
    }

    private static (string Content, int End)? At(string text, int at)
    {
        foreach (var (open, close) in Marks)
        {
            if (string.CompareOrdinal(text, at, open, 0, open.Length) != 0)
                continue;
            int start = at + open.Length;
            int end = text.IndexOf(close, start, StringComparison.Ordinal);
            while (end > 0 && close[0] == '$' && text[end - 1] == '\\')
                end = text.IndexOf(close, end + 1, StringComparison.Ordinal);
            if (end <= start)
                continue;
            // "$18 and $20" are two prices: a dollar sign after a space, or before a digit, closes no formula.
            bool isPrice = open == "$" && (char.IsWhiteSpace(text[end - 1]) && !char.IsWhiteSpace(text[start])
                || end + 1 < text.Length && char.IsAsciiDigit(text[end + 1]));
            string content = text[start..end].Trim();
            if (!isPrice && content.Length > 0)
                return (content, end + close.Length);
        }
        return null;
    }
}
