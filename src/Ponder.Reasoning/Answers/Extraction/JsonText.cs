using System.Buffers;
using System.Text.Json;

namespace Ponder.Reasoning.Answers.Extraction;

/// <summary>The JSON in running text.</summary>
internal static class JsonText
{
    // As deep as the reader goes. What is longer, or looks like JSON more often and is none, is given up.
    private const int MaxDepth = 64;
    private const int MaxLength = 1_000_000;
    private const int MaxTries = 64;

    private static readonly SearchValues<char> Marks = SearchValues.Create("{}[]\"");
    private static readonly SearchValues<char> Openings = SearchValues.Create("{[");

    /// <summary>The last object or array of a text that is in no other, or the value that the whole text is; null for none.</summary>
    public static JsonElement? Last(string text)
    {
        if (text.Length > MaxLength)
            text = text[^MaxLength..];
        var found = Candidates(text);
        for (int i = found.Count - 1; i >= 0 && i >= found.Count - MaxTries; i--)
        {
            if (Parse(text.AsMemory(found[i].Start, found[i].Length)) is JsonElement value)
                return value;
        }
        return found.Count == 0 ? Parse(text.AsMemory().Trim()) : null;
    }

    /// <summary>A value; null for what is no JSON.</summary>
    public static JsonElement? Parse(ReadOnlyMemory<char> text)
    {
        // Errors cost microseconds each: what cannot begin a value does not get so far.
        if (text.Length == 0 || text.Span[0] is not ('{' or '[' or '"' or '-' or 't' or 'f' or 'n' or (>= '0' and <= '9')))
            return null;
        try
        {
            using var document = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = MaxDepth, AllowTrailingCommas = true });
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Balanced brackets that may be JSON, outermost first, in order.</summary>
    private static List<(int Start, int Length)> Candidates(string text)
    {
        var found = new List<(int Start, int Length)>();
        int work = 0;
        for (int at = 0; at < text.Length; at++)
        {
            int next = text.AsSpan(at).IndexOfAny(Openings);
            if (next < 0)
                break;
            at += next;
            if (!CanBegin(text, at))
                continue;
            int? end = Close(text, at, out int read);
            // A text of openings that never close is read at most so often.
            if ((work += read) > 16 * MaxLength)
                break;
            if (end is int close)
            {
                found.Add((at, close + 1 - at));
                at = close;
            }
        }
        return found;
    }

    /// <summary>Whether an opening may begin JSON; <c>\frac{1}</c> and <c>[see above]</c> do not.</summary>
    private static bool CanBegin(string text, int at)
    {
        int next = at + 1;
        while (next < text.Length && char.IsWhiteSpace(text[next]))
            next++;
        if (next == text.Length)
            return false;
        return text[at] == '{'
            ? text[next] is '"' or '}'
            : text[next] is '{' or '[' or ']' or '"' or '-' or 't' or 'f' or 'n' or (>= '0' and <= '9');
    }

    private static int? Close(string text, int open, out int read)
    {
        Span<char> stack = stackalloc char[MaxDepth];
        int depth = 0;
        read = 0;
        for (int i = open; i < text.Length; i++)
        {
            int next = text.AsSpan(i).IndexOfAny(Marks);
            if (next < 0)
                break;
            i += next;
            read = i - open + 1;
            switch (text[i])
            {
                case '"':
                    for (i++; i < text.Length && text[i] != '"'; i++)
                    {
                        if (text[i] == '\\')
                            i++;
                    }
                    break;
                case '{' or '[' when depth == MaxDepth:
                    return null;
                case '{' or '[':
                    stack[depth++] = text[i] == '{' ? '}' : ']';
                    break;
                default:
                    if (stack[--depth] != text[i])
                        return null;
                    if (depth == 0)
                        return i;
                    break;
            }
        }
        read = text.Length - open;
        return null;
    }
}
