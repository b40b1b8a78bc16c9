using System.Globalization;
using Ponder.Models.Templates.Values;

namespace Ponder.Models.Templates.Runtime;

/// <summary>How a value is written as JSON; the defaults are those of Python's <c>json.dumps</c> but for ASCII.</summary>
internal sealed record JsonStyle
{
    /// <summary>What <c>tojson</c> writes without arguments.</summary>
    public static JsonStyle Default { get; } = new();

    /// <summary>What the JavaScript renderer prints for a list or a dictionary.</summary>
    public static JsonStyle Display { get; } = new() { Undefined = "undefined" };

    /// <summary>What one level is indented by; null writes all on one line.</summary>
    public string? Indent { get; init; }

    /// <summary>Between items.</summary>
    public string ItemSeparator { get; init; } = ", ";

    /// <summary>Between a key and its value.</summary>
    public string KeySeparator { get; init; } = ": ";

    /// <summary>Orders keys.</summary>
    public bool SortKeys { get; init; }

    /// <summary>Escapes what is not ASCII.</summary>
    public bool EnsureAscii { get; init; }

    /// <summary>How an undefined value is written; null makes it an error, as in Python.</summary>
    public string? Undefined { get; init; }
}

/// <summary>Writes values as JSON, character by character as Python's <c>json.dumps</c> does.</summary>
internal sealed class JsonWriter
{
    private readonly Meter _meter;
    private readonly JsonStyle _style;
    private readonly TextBuffer _text;

    private JsonWriter(Meter meter, JsonStyle style)
    {
        _meter = meter;
        _style = style;
        _text = TextBuffer.ForString(meter);
    }

    /// <summary>A value as JSON.</summary>
    public static string Write(Meter meter, Value value, JsonStyle style)
    {
        var writer = new JsonWriter(meter, style);
        writer.Write(value, 0);
        return writer._text.ToString();
    }

    private void Write(Value value, int level)
    {
        _meter.Step();
        switch (value)
        {
            case StringValue s: Quote(s.Text); break;
            case SequenceValue sequence: Sequence(sequence.Items, level); break;
            case DictValue dict: Dict(dict, level); break;
            case UndefinedValue u:
                _text.Append(_style.Undefined ?? throw new TemplateFault($"an undefined value cannot be written as JSON: {u.Reason}"));
                break;
            default: _text.Append(Scalar(value)); break;
        }
    }

    private static string Scalar(Value value) => value switch
    {
        NoneValue => "null",
        BoolValue b => b.Value ? "true" : "false",
        IntValue i => i.Value.ToString(CultureInfo.InvariantCulture),
        FloatValue f => double.IsNaN(f.Value) ? "NaN"
            : double.IsInfinity(f.Value) ? (f.Value > 0 ? "Infinity" : "-Infinity")
            : FloatText.Repr(f.Value),
        StringValue s => s.Text,
        _ => throw new TemplateFault($"a {value.Type} cannot be written as JSON"),
    };

    private void Sequence(Value[] items, int level)
    {
        if (items.Length == 0)
        {
            _text.Append("[]");
            return;
        }
        _text.Append('[');
        for (int i = 0; i < items.Length; i++)
        {
            Separate(i == 0, level + 1);
            Write(items[i], level + 1);
        }
        NewLine(level);
        _text.Append(']');
    }

    private void Dict(DictValue dict, int level)
    {
        if (dict.Count == 0)
        {
            _text.Append("{}");
            return;
        }
        IReadOnlyList<KeyValuePair<Value, Value>> items = dict.Items;
        if (_style.SortKeys)
            items = Sorting.Sorted([.. dict.Items], (a, b) => Operators.Compare(_meter, a.Key, b.Key));
        _text.Append('{');
        for (int i = 0; i < items.Count; i++)
        {
            Separate(i == 0, level + 1);
            Quote(Scalar(items[i].Key));
            _text.Append(_style.KeySeparator);
            Write(items[i].Value, level + 1);
        }
        NewLine(level);
        _text.Append('}');
    }

    private void Separate(bool isFirst, int level)
    {
        if (!isFirst)
            _text.Append(_style.ItemSeparator);
        NewLine(level);
    }

    private void NewLine(int level)
    {
        if (_style.Indent is null)
            return;
        _text.Append('\n');
        for (int i = 0; i < level; i++)
            _text.Append(_style.Indent);
    }

    private void Quote(string value)
    {
        _meter.Scan(value.Length);
        _text.Append('"');
        foreach (char c in value)
        {
            switch (c)
            {
                case '"': _text.Append("\\\""); break;
                case '\\': _text.Append("\\\\"); break;
                case '\n': _text.Append("\\n"); break;
                case '\r': _text.Append("\\r"); break;
                case '\t': _text.Append("\\t"); break;
                case '\b': _text.Append("\\b"); break;
                case '\f': _text.Append("\\f"); break;
                case var _ when c < ' ' || (c > '~' && _style.EnsureAscii):
                    _text.Append(string.Create(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"));
                    break;
                default: _text.Append(c); break;
            }
        }
        _text.Append('"');
    }
}
