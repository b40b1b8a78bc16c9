using Ponder.Models.Templates.Values;

namespace Ponder.Models.Templates.Runtime;

/// <summary>How strings are split.</summary>
internal static class Splitting
{
    /// <summary><c>split</c> and <c>rsplit</c>: at a separator, or at runs of white space where there is none.</summary>
    public static ListValue Split(Call c, bool fromEnd)
    {
        string text = StringMethods.Self(c);
        long left = c.Whole(1, -1);
        left = left < 0 ? long.MaxValue : left;
        var parts = new List<Value>();
        if (c.Has(0))
        {
            string separator = c.Text(0);
            c.Meter.Search(text, separator);
            if (separator.Length == 0)
                throw new TemplateFault("a separator cannot be empty");
            if (fromEnd)
                AtLast(c, text, separator, left, parts);
            else
                AtFirst(c, text, separator, left, parts);
        }
        else if (fromEnd)
            AtLastSpaces(c, text, left, parts);
        else
            AtSpaces(c, text, left, parts);
        if (fromEnd)
            parts.Reverse();
        return c.Meter.ListOf(parts);
    }

    /// <summary><c>splitlines</c></summary>
    public static ListValue Lines(Call c)
    {
        string text = StringMethods.Self(c);
        var lines = new List<Value>();
        for (int start = 0; start < text.Length;)
        {
            int end = start;
            while (end < text.Length && !PythonText.IsLineBreak(text[end]))
                end++;
            int next = end < text.Length - 1 && text[end] == '\r' && text[end + 1] == '\n' ? end + 2 : Math.Min(end + 1, text.Length);
            Add(c, lines, text.AsSpan(start..(c.Flag(0) ? next : end)));
            start = next;
        }
        return c.Meter.ListOf(lines);
    }

    private static void Add(Call c, List<Value> parts, ReadOnlySpan<char> part)
    {
        c.Meter.Allocate(32);
        if (parts.Count >= c.Meter.Limits.CollectionLength)
            c.Meter.Items(parts.Count + 1L);
        parts.Add(c.Result(part.ToString()));
    }

    private static void AtFirst(Call c, string text, string separator, long left, List<Value> parts)
    {
        int start = 0;
        for (int at; left > 0 && (at = text.IndexOf(separator, start, StringComparison.Ordinal)) >= 0; left--)
        {
            Add(c, parts, text.AsSpan(start..at));
            start = at + separator.Length;
        }
        Add(c, parts, text.AsSpan(start));
    }

    private static void AtLast(Call c, string text, string separator, long left, List<Value> parts)
    {
        int end = text.Length;
        for (int at; left > 0 && (at = text.AsSpan(0, end).LastIndexOf(separator)) >= 0; left--)
        {
            Add(c, parts, text.AsSpan((at + separator.Length)..end));
            end = at;
        }
        Add(c, parts, text.AsSpan(0, end));
    }

    private static void AtSpaces(Call c, string text, long left, List<Value> parts)
    {
        var rest = PythonText.TrimStart(text);
        for (; !rest.IsEmpty; left--)
        {
            int end = 0;
            while (end < rest.Length && !PythonText.IsSpace(rest[end]))
                end++;
            Add(c, parts, left > 0 ? rest[..end] : rest);
            rest = left > 0 ? PythonText.TrimStart(rest[end..]) : [];
        }
    }

    private static void AtLastSpaces(Call c, string text, long left, List<Value> parts)
    {
        var rest = PythonText.TrimEnd(text);
        for (; !rest.IsEmpty; left--)
        {
            int start = rest.Length;
            while (start > 0 && !PythonText.IsSpace(rest[start - 1]))
                start--;
            Add(c, parts, left > 0 ? rest[start..] : rest);
            rest = left > 0 ? PythonText.TrimEnd(rest[..start]) : [];
        }
    }
}
