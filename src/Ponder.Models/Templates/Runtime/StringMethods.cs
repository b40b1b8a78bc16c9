using Ponder.Models.Templates.Values;

namespace Ponder.Models.Templates.Runtime;

/// <summary>The methods of strings.</summary>
internal static class StringMethods
{
    /// <summary>The table.</summary>
    public static readonly BuiltinTable Table = new()
    {
        { "capitalize", "", c => c.Result(PythonText.Capitalize(Self(c))) },
        { "center", "width fillchar?", c => Pad(c, 0.5) },
        { "count", "sub", c => IntValue.Of(Count(c.Meter, Self(c), c.Text(0))) },
        { "endswith", "suffix", c => Affix(c, (text, affix) => text.EndsWith(affix, StringComparison.Ordinal)) },
        { "find", "sub start? end?", c => IntValue.Of(Find(c, last: false)) },
        { "format", "* **", c => c.Result(BraceFormat.Apply(c.Run, Self(c), c.Rest, c.Named)) },
        { "index", "sub start? end?", c => Found(Find(c, last: false)) },
        { "isalnum", "", c => All(c, char.IsLetterOrDigit) },
        { "isalpha", "", c => All(c, char.IsLetter) },
        { "isascii", "", c => System.Text.Ascii.IsValid(Self(c)) },
        { "isdecimal", "", c => All(c, char.IsDigit) },
        { "isdigit", "", c => All(c, char.IsDigit) },
        { "islower", "", c => IsCased(Self(c), char.IsLower, char.IsUpper) },
        { "isnumeric", "", c => All(c, char.IsNumber) },
        { "isspace", "", c => All(c, PythonText.IsSpace) },
        { "isupper", "", c => IsCased(Self(c), char.IsUpper, char.IsLower) },
        { "join", "iterable", c => CollectionMethods.Join(c, Self(c), Iteration.Items(c.Meter, c[0]!), strict: true) },
        { "ljust", "width fillchar?", c => Pad(c, 0) },
        { "lower", "", c => c.Result(Self(c).ToLowerInvariant()) },
        { "lstrip", "chars?", c => Strip(c, start: true, end: false) },
        { "partition", "sep", c => Partition(c, last: false) },
        { "removeprefix", "prefix", c => c.Result(Self(c).StartsWith(c.Text(0), StringComparison.Ordinal) ? Self(c)[c.Text(0).Length..] : Self(c)) },
        { "removesuffix", "suffix", c => c.Result(Self(c).EndsWith(c.Text(0), StringComparison.Ordinal) ? Self(c)[..^c.Text(0).Length] : Self(c)) },
        { "replace", "old new count?", c => Replace(c, Self(c)) },
        { "rfind", "sub start? end?", c => IntValue.Of(Find(c, last: true)) },
        { "rindex", "sub start? end?", c => Found(Find(c, last: true)) },
        { "rjust", "width fillchar?", c => Pad(c, 1) },
        { "rpartition", "sep", c => Partition(c, last: true) },
        { "rsplit", "sep? maxsplit?", c => Splitting.Split(c, fromEnd: true) },
        { "rstrip", "chars?", c => Strip(c, start: false, end: true) },
        { "split", "sep? maxsplit?", c => Splitting.Split(c, fromEnd: false) },
        { "splitlines", "keepends?", Splitting.Lines },
        { "startswith", "prefix", c => Affix(c, (text, affix) => text.StartsWith(affix, StringComparison.Ordinal)) },
        { "strip", "chars?", c => Strip(c, start: true, end: true) },
        { "swapcase", "", c => c.Result(string.Concat(Self(c).Select(l => char.IsUpper(l) ? char.ToLowerInvariant(l) : char.ToUpperInvariant(l)))) },
        { "title", "", c => c.Result(PythonText.Title(Self(c))) },
        { "upper", "", c => c.Result(Self(c).ToUpperInvariant()) },
        { "zfill", "width", ZeroFill },
    };

    /// <summary>The string whose method is called; the walk over it is counted.</summary>
    public static string Self(Call c)
    {
        string text = ((StringValue)c.Self).Text;
        c.Meter.Scan(text.Length);
        return text;
    }

    /// <summary>True when some letters have the wanted case and none has the other.</summary>
    public static bool IsCased(string text, Func<char, bool> wanted, Func<char, bool> other)
    {
        bool any = false;
        foreach (char c in text)
        {
            if (other(c))
                return false;
            any |= wanted(c);
        }
        return any;
    }

    /// <summary>How often a part occurs, without overlaps.</summary>
    public static long Count(Meter meter, string text, string part)
    {
        meter.Search(text, part);
        if (part.Length == 0)
            return PythonText.Length(text) + 1;
        long count = 0;
        for (int at = 0; (at = text.IndexOf(part, at, StringComparison.Ordinal)) >= 0; at += part.Length)
            count++;
        return count;
    }

    /// <summary>Replaces a part, at most so many times where a count is given.</summary>
    public static StringValue Replace(Call c, string text)
    {
        string old = c.Run.Printer.Text(c[0]!);
        string replacement = c.Run.Printer.Text(c[1]!);
        long left = c.Has(2) ? c.Whole(2) : -1;
        left = left < 0 ? long.MaxValue : left;
        c.Meter.Search(text, old);
        var result = TextBuffer.ForString(c.Meter);
        int at = 0;
        if (old.Length == 0)
        {
            for (; left > 0 && at <= text.Length; left--, at++)
            {
                result.Append(replacement);
                if (at < text.Length)
                    result.Append(text[at]);
                if (at < text.Length - 1 && char.IsSurrogatePair(text[at], text[at + 1]))
                    result.Append(text[++at]);
            }
            return new StringValue(result.Append(text.AsSpan(Math.Min(at, text.Length))).ToString());
        }
        for (int next; left > 0 && (next = text.IndexOf(old, at, StringComparison.Ordinal)) >= 0; left--)
        {
            result.Append(text.AsSpan(at..next)).Append(replacement);
            at = next + old.Length;
        }
        return new StringValue(result.Append(text.AsSpan(at)).ToString());
    }

    private static bool All(Call c, Func<char, bool> holds) => Self(c) is { Length: > 0 } text && text.All(holds);

    private static BoolValue Affix(Call c, Func<string, string, bool> holds)
    {
        string text = Self(c);
        if (c[0] is not TupleValue affixes)
            return BoolValue.Of(holds(text, c.Text(0)));
        bool any = false;
        foreach (var affix in affixes.Items)
            any |= holds(text, c.Meter.Hashed(affix) is StringValue s ? s.Text : throw c.Wrong(0, "strings", affix));
        return BoolValue.Of(any);
    }

    private static IntValue Found(long index) => index >= 0
        ? IntValue.Of(index)
        : throw new TemplateFault("the string does not hold the part that 'index' looks for");

    private static long Find(Call c, bool last)
    {
        string text = Self(c);
        if (c.Has(1) || c.Has(2))
            throw new TemplateFault("'find' and 'index' within bounds are not supported; slice the string first");
        c.Meter.Search(text, c.Text(0));
        int at = last ? text.LastIndexOf(c.Text(0), StringComparison.Ordinal) : text.IndexOf(c.Text(0), StringComparison.Ordinal);
        return at <= 0 ? at : PythonText.Length(text[..at]);
    }

    /// <summary>Removes white space, or the given characters, from the ends.</summary>
    public static StringValue Strip(Call c, bool start, bool end)
    {
        string text = c.SelfText;
        string? characters = c.Has(0) ? c.Text(0) : null;
        if (characters is { Length: > 64 })
            c.Meter.Scan((long)text.Length * characters.Length);
        bool IsStripped(char l) => characters is null ? PythonText.IsSpace(l) : characters.Contains(l, StringComparison.Ordinal);
        int from = 0;
        int to = text.Length;
        while (start && from < to && IsStripped(text[from]))
            from++;
        while (end && to > from && IsStripped(text[to - 1]))
            to--;
        return c.Result(text[from..to]);
    }

    /// <summary>Fills up to a width; the share of the padding that goes to the left is 0, 0.5 or 1.</summary>
    public static StringValue Pad(Call c, double left, long defaultWidth = 0)
    {
        string text = c.SelfText;
        string fill = c.Has(1) ? c.Text(1) : " ";
        if (fill.Length != 1)
            throw c.Wrong(1, "one character", c[1]);
        long width = c.Whole(0, defaultWidth);
        long padding = Math.Max(width - PythonText.Length(text), 0);
        long before = left == 0.5 ? padding / 2 + (padding & width & 1) : left == 0 ? 0 : padding;
        var result = TextBuffer.ForString(c.Meter);
        result.Append(fill[0], before).Append(text).Append(fill[0], padding - before);
        return new StringValue(result.ToString());
    }

    private static StringValue ZeroFill(Call c)
    {
        string text = Self(c);
        int sign = text.Length > 0 && (text[0] is '+' or '-') ? 1 : 0;
        var result = TextBuffer.ForString(c.Meter);
        result.Append(text.AsSpan(0, sign)).Append('0', c.Whole(0) - PythonText.Length(text)).Append(text.AsSpan(sign));
        return new StringValue(result.ToString());
    }

    private static TupleValue Partition(Call c, bool last)
    {
        string text = Self(c);
        string separator = c.Text(0);
        c.Meter.Search(text, separator);
        if (separator.Length == 0)
            throw new TemplateFault("a separator cannot be empty");
        int at = last ? text.LastIndexOf(separator, StringComparison.Ordinal) : text.IndexOf(separator, StringComparison.Ordinal);
        if (at < 0)
            return last ? c.Meter.Tuple(StringValue.Empty, StringValue.Empty, c.Self) : c.Meter.Tuple(c.Self, StringValue.Empty, StringValue.Empty);
        return c.Meter.Tuple(c.Result(text[..at]), c.Result(separator), c.Result(text[(at + separator.Length)..]));
    }
}
