using System.Text;

namespace Ponder.Reasoning.Answers;

/// <summary>Texts without what does not change their meaning: case, articles, punctuation, white space, LaTeX's wrappings.</summary>
internal static class NormalText
{
    private static readonly string[] Wrappings = [@"\text", @"\mbox", @"\textbf", @"\textit", @"\mathrm", @"\mathbf", @"\left", @"\right", @"\$"];

    private static readonly HashSet<string> Articles = new(StringComparer.Ordinal) { "a", "an", "the" };

    /// <summary>Whether two texts are the same once normalised.</summary>
    public static bool AreSame(string first, string second) =>
        string.Equals(first, second, StringComparison.Ordinal) || string.Equals(Of(first), Of(second), StringComparison.Ordinal);

    /// <summary>The text in lower case, its words parted by one space; a text of nothing but punctuation stays as it is.</summary>
    public static string Of(string text)
    {
        foreach (string wrapping in Wrappings)
            text = text.Replace(wrapping, " ", StringComparison.Ordinal);
        var words = new List<string>();
        var word = new StringBuilder();
        for (int i = 0; i <= text.Length; i++)
        {
            if (i < text.Length && Belongs(text, i))
            {
                word.Append(char.ToLowerInvariant(text[i]));
            }
            else if (word.Length > 0 && (i == text.Length || text[i] is not ('\'' or '’')))
            {
                words.Add(word.ToString());
                word.Clear();
            }
        }
        // "A" may be a choice, and "the" is better than nothing.
        string normal = string.Join(' ', words.Where(w => words.Count == 1 || !Articles.Contains(w)));
        return normal.Length > 0 ? normal : text.Trim();
    }

    /// <summary>Letters, digits and signs that carry meaning: "3.5", "-2", "50%", "1/2".</summary>
    private static bool Belongs(string text, int i) => text[i] switch
    {
        '.' or ',' => i > 0 && i + 1 < text.Length && char.IsAsciiDigit(text[i - 1]) && char.IsAsciiDigit(text[i + 1]),
        '-' => i + 1 < text.Length && char.IsAsciiDigit(text[i + 1]) && (i == 0 || !char.IsLetterOrDigit(text[i - 1])),
        '+' or '=' or '<' or '>' or '*' or '/' or '^' or '%' or '\\' or '_' => true,
        var other => char.IsLetterOrDigit(other) || char.GetUnicodeCategory(other) is System.Globalization.UnicodeCategory.MathSymbol
            or System.Globalization.UnicodeCategory.NonSpacingMark or System.Globalization.UnicodeCategory.OtherSymbol || char.IsSurrogate(other),
    };
}
