using System.Globalization;
using System.Text;

namespace Ponder.Models.Templates.Values;

/// <summary>Python's view of a string: a sequence of Unicode characters, where .NET has UTF-16 units.</summary>
internal static class PythonText
{
    /// <summary>What <c>str.isspace</c> calls white space.</summary>
    public static bool IsSpace(char c) => char.IsWhiteSpace(c) || c is >= '\x1c' and <= '\x1f';

    /// <summary>What <c>str.splitlines</c> breaks at.</summary>
    public static bool IsLineBreak(char c) => c is '\n' or '\r' or '\v' or '\f' or '\x1c' or '\x1d' or '\x1e' or '\x85' or '\u2028' or '\u2029';

    /// <summary>The text without white space at its start.</summary>
    public static ReadOnlySpan<char> TrimStart(ReadOnlySpan<char> text)
    {
        int start = 0;
        while (start < text.Length && IsSpace(text[start]))
            start++;
        return text[start..];
    }

    /// <summary>The text without white space at its end.</summary>
    public static ReadOnlySpan<char> TrimEnd(ReadOnlySpan<char> text)
    {
        int end = text.Length;
        while (end > 0 && IsSpace(text[end - 1]))
            end--;
        return text[..end];
    }

    /// <summary>How many characters the text has.</summary>
    public static int Length(string text)
    {
        int length = text.Length;
        for (int i = 0; i + 1 < text.Length; i++)
        {
            if (char.IsSurrogatePair(text[i], text[i + 1]))
                length--;
        }
        return length;
    }

    /// <summary>The UTF-16 offset of every character, and the end; null when each character is one unit.</summary>
    public static int[]? Offsets(string text)
    {
        int length = Length(text);
        if (length == text.Length)
            return null;
        var offsets = new int[length + 1];
        for (int i = 0, at = 0; i < length; i++)
        {
            offsets[i] = at;
            at += at + 1 < text.Length && char.IsSurrogatePair(text[at], text[at + 1]) ? 2 : 1;
        }
        offsets[length] = text.Length;
        return offsets;
    }

    /// <summary>Characters that <c>repr</c> shows as they are.</summary>
    public static bool IsPrintable(Rune rune) => rune.Value == ' ' || Rune.GetUnicodeCategory(rune) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse
        or UnicodeCategory.OtherNotAssigned or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        or UnicodeCategory.SpaceSeparator);

    /// <summary>First letter upper case, the rest lower case.</summary>
    public static string Capitalize(string text) =>
        text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text[1..].ToLowerInvariant();

    /// <summary><c>str.title</c>: a letter after none is upper case, others are lower case.</summary>
    public static string Title(string text) => string.Create(text.Length, text, static (to, from) =>
    {
        bool inWord = false;
        for (int i = 0; i < to.Length; i++)
        {
            to[i] = inWord ? char.ToLowerInvariant(from[i]) : char.ToUpperInvariant(from[i]);
            inWord = char.IsLetter(from[i]);
        }
    });

    /// <summary>The <c>title</c> filter: words begin after white space, a hyphen or an opening bracket only.</summary>
    public static string TitleWords(string text) => string.Create(text.Length, text, static (to, from) =>
    {
        bool inWord = false;
        for (int i = 0; i < to.Length; i++)
        {
            to[i] = inWord ? char.ToLowerInvariant(from[i]) : char.ToUpperInvariant(from[i]);
            inWord = !(IsSpace(from[i]) || from[i] is '-' or '(' or '{' or '[' or '<');
        }
    });
}
