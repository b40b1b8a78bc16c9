using System.Globalization;
using System.Net;
using Ponder.Models.Templates.Values;

namespace Ponder.Models.Templates.Runtime;

/// <summary>What can stand after <c>|</c>. Those that Jinja yields item by item give a list here.</summary>
internal static class Filters
{
    private static readonly BuiltinTable Table = new()
    {
        { "abs", "", Abs },
        { "batch", "linecount fill_with?", SequenceFilters.Batch },
        { "capitalize", "", c => c.Result(PythonText.Capitalize(c.SelfText)) },
        { "center", "width?", c => StringMethods.Pad(c, 0.5, 80) },
        { "count", "", Length },
        { "d", "default_value? boolean?", Default },
        { "default", "default_value? boolean?", Default },
        { "dictsort", "case_sensitive? by? reverse?", SequenceFilters.SortDict },
        { "e", "", c => c.Result(Escape(c.SelfText)) },
        { "escape", "", c => c.Result(Escape(c.SelfText)) },
        { "first", "", c => Iteration.Items(c.Meter, c.Self) is [var first, ..] ? first : new UndefinedValue("there is no first item") },
        { "float", "default?", Float },
        { "forceescape", "", c => c.Result(Escape(c.SelfText)) },
        { "format", "* **", Format },
        { "groupby", "attribute default? case_sensitive?", SequenceFilters.GroupBy },
        { "indent", "width? first? blank?", Indent },
        { "int", "default? base?", Int },
        { "items", "", Items },
        { "join", "d? attribute?", SequenceFilters.Join },
        { "last", "", c => Iteration.Items(c.Meter, c.Self) is [.., var last] ? last : new UndefinedValue("there is no last item") },
        { "length", "", Length },
        { "list", "", c => c.Meter.List(Iteration.Items(c.Meter, c.Self)) },
        { "lower", "", c => c.Result(c.SelfText.ToLowerInvariant()) },
        { "map", "* **", SequenceFilters.Map },
        { "max", "case_sensitive? attribute?", c => SequenceFilters.Extreme(c, 1) },
        { "min", "case_sensitive? attribute?", c => SequenceFilters.Extreme(c, -1) },
        { "reject", "* **", c => SequenceFilters.Select(c, keep: false) },
        { "rejectattr", "attribute * **", c => SequenceFilters.SelectAttribute(c, keep: false) },
        { "replace", "old new count?", c => StringMethods.Replace(c, c.SelfText) },
        { "reverse", "", SequenceFilters.Reverse },
        { "round", "precision? method?", Round },
        { "safe", "", c => c.Self },
        { "select", "* **", c => SequenceFilters.Select(c, keep: true) },
        { "selectattr", "attribute * **", c => SequenceFilters.SelectAttribute(c, keep: true) },
        { "slice", "slices fill_with?", SequenceFilters.Slice },
        { "sort", "reverse? case_sensitive? attribute?", SequenceFilters.Sort },
        { "string", "", c => c.Result(c.SelfText) },
        { "sum", "attribute? start?", SequenceFilters.Sum },
        { "title", "", c => c.Result(PythonText.TitleWords(c.SelfText)) },
        { "tojson", "ensure_ascii? indent? separators? sort_keys?", ToJson },
        { "trim", "chars?", c => StringMethods.Strip(c, start: true, end: true) },
        { "truncate", "length? killwords? end? leeway?", Truncate },
        { "unique", "case_sensitive? attribute?", SequenceFilters.Unique },
        { "upper", "", c => c.Result(c.SelfText.ToUpperInvariant()) },
        { "urlencode", "", c => c.Result(Uri.EscapeDataString(c.SelfText).Replace("%2F", "/", StringComparison.Ordinal)) },
        { "wordcount", "", c => IntValue.Of(c.SelfText.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length) },
    };

    /// <summary>The filter of this name, or null.</summary>
    public static Builtin? Find(string name) => Table.Find(name);

    private static Value Abs(Call c)
    {
        if (!Arithmetic.IsNumber(c.Self))
            throw c.Unfit("a number");
        return Arithmetic.Real(c.Self) < 0 ? Arithmetic.Negate(c.Self) : c.Self;
    }

    private static ListValue Items(Call c) => c.Self is UndefinedValue
        ? c.Meter.List([])
        : CollectionMethods.Pairs(c.Meter, c.Self as DictValue ?? throw c.Unfit("a dictionary"));

    private static IntValue Length(Call c) => c.Self switch
    {
        StringValue => IntValue.Of(PythonText.Length(c.SelfText)),
        SequenceValue s => IntValue.Of(s.Items.Length),
        DictValue d => IntValue.Of(d.Count),
        UndefinedValue => IntValue.Of(0),
        _ => throw c.Unfit("something with a length"),
    };

    private static Value Default(Call c) =>
        c.Self is UndefinedValue || (c.Flag(1) && !c.Self.IsTrue) ? c[0] ?? StringValue.Empty : c.Self;

    private static string Escape(string text) => WebUtility.HtmlEncode(text).Replace("&quot;", "&#34;", StringComparison.Ordinal);

    private static Value Float(Call c) => c.Self switch
    {
        UndefinedValue u => throw new TemplateFault(u.Reason),
        StringValue s when double.TryParse(s.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) => new FloatValue(value),
        _ when Arithmetic.IsNumber(c.Self) => new FloatValue(Arithmetic.Real(c.Self)),
        _ => c[0] ?? new FloatValue(0),
    };

    private static Value Int(Call c)
    {
        if (c.Has(1) && c.Whole(1) != 10)
            throw new TemplateFault("'int' reads decimal numbers only");
        switch (c.Self)
        {
            case UndefinedValue u: throw new TemplateFault(u.Reason);
            case FloatValue f when Math.Abs(f.Value) < 9e18: return IntValue.Of((long)f.Value);
            case FloatValue: throw new TemplateFault("the number does not fit in 64 bits");
            case StringValue s when long.TryParse(s.Text, NumberStyles.Integer, CultureInfo.InvariantCulture, out long value):
                return IntValue.Of(value);
            case StringValue s when double.TryParse(s.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value):
                return Math.Abs(value) < 9e18 ? IntValue.Of((long)value) : throw new TemplateFault("the number does not fit in 64 bits");
            default: return Arithmetic.Whole(c.Self) is { } whole ? IntValue.Of(whole) : c[0] ?? IntValue.Of(0);
        }
    }

    private static Value Round(Call c)
    {
        if (!Arithmetic.IsNumber(c.Self))
            throw c.Unfit("a number");
        int precision = (int)Math.Clamp(c.Whole(0), -30, 30);
        string method = c.Text(1, "common");
        if (method == "common" && precision >= 0)
            return c.Self is FloatValue { Value: var real } ? new FloatValue(Rounded(real, precision)) : IntValue.Of(Arithmetic.Whole(c.Self) ?? 0);
        double scale = Math.Pow(10, precision);
        return method switch
        {
            "ceil" => new FloatValue(Math.Ceiling(Arithmetic.Real(c.Self) * scale) / scale),
            "floor" => new FloatValue(Math.Floor(Arithmetic.Real(c.Self) * scale) / scale),
            "common" => throw new TemplateFault("'round' to tens is not supported"),
            _ => throw new TemplateFault("'round' knows the methods common, ceil and floor"),
        };
    }

    private static double Rounded(double value, int precision) =>
        double.IsFinite(value) ? double.Parse(FloatText.Fixed(value, precision), CultureInfo.InvariantCulture) : value;

    private static StringValue Format(Call c)
    {
        var named = DictValue.NewItems();
        foreach (var (name, value) in c.Named)
            named[new StringValue(name)] = value;
        if (c.Rest.Count > 0 && named.Count > 0)
            throw new TemplateFault("'format' takes positional or named arguments, not both");
        return c.Result(PercentFormat.Apply(c.Run, c.SelfText, [.. c.Rest], named.Count > 0 ? c.Meter.Dict(named) : null));
    }

    private static StringValue Indent(Call c)
    {
        string text = c.SelfText;
        bool first = c.Flag(1), blank = c.Flag(2);
        string? given = (c[0] as StringValue)?.Text;
        long width = given is null ? Math.Max(c.Whole(0, 4), 0) : given.Length;
        var result = TextBuffer.ForString(c.Meter);
        int start = 0;
        for (bool isFirst = true; start <= text.Length; isFirst = false)
        {
            int end = text.IndexOf('\n', start);
            if (end < 0)
                end = text.Length;
            if (!isFirst)
                result.Append('\n');
            if (isFirst ? first : blank || end > start)
            {
                if (given is null)
                    result.Append(' ', width);
                else
                    result.Append(given);
            }
            result.Append(text.AsSpan(start..end));
            start = end + 1;
        }
        return new StringValue(result.ToString());
    }

    private static StringValue ToJson(Call c)
    {
        string? indent = !c.Has(1) ? null : c[1] is StringValue s ? s.Text : new string(' ', (int)Math.Clamp(c.Whole(1), 0, 64));
        var style = new JsonStyle
        {
            EnsureAscii = c.Flag(0),
            Indent = indent,
            ItemSeparator = indent is null ? ", " : ",",
            SortKeys = c.Flag(3),
            Undefined = c.Run.Dialect == TemplateDialect.JavaScript ? "null" : null,
        };
        if (c.Has(2))
        {
            if (c[2] is not SequenceValue { Items: [StringValue items, StringValue keys] })
                throw c.Wrong(2, "two strings", c[2]);
            style = style with { ItemSeparator = items.Text, KeySeparator = keys.Text };
        }
        return new StringValue(JsonWriter.Write(c.Meter, c.Self, style));
    }

    private static StringValue Truncate(Call c)
    {
        string text = c.SelfText;
        string end = c.Text(2, "...");
        long length = c.Whole(0, 255);
        if (length < PythonText.Length(end))
            throw c.Wrong(0, "a length not below that of 'end'", c[0]);
        int[] offsets = PythonText.Offsets(text) ?? [];
        int characters = offsets.Length > 0 ? offsets.Length - 1 : text.Length;
        c.Meter.Allocate(offsets.Length * 4L);
        if (characters <= length + c.Whole(3, 5))
            return c.Result(text);
        int cut = (int)(length - PythonText.Length(end));
        string kept = text[..(offsets.Length > 0 ? offsets[cut] : cut)];
        if (!c.Flag(1) && kept.LastIndexOf(' ') is >= 0 and var space)
            kept = kept[..space];
        return c.Result(kept + end);
    }
}
