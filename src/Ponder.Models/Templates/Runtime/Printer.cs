using System.Globalization;
using System.Text;
using Ponder.Models.Templates.Values;

namespace Ponder.Models.Templates.Runtime;

/// <summary>Values as text: Python's <c>str</c> and <c>repr</c>, or what the JavaScript renderer prints.</summary>
internal sealed class Printer(Meter meter, TemplateDialect dialect)
{
    /// <summary>The text that <c>{{ value }}</c> prints.</summary>
    public string Text(Value value) => value switch
    {
        StringValue s => s.Text,
        UndefinedValue => "",
        NoneValue when dialect == TemplateDialect.JavaScript => "",
        _ => Repr(value),
    };

    /// <summary>The text of a value within a list.</summary>
    public string Repr(Value value)
    {
        if (value is IntValue i)
            return i.Value.ToString(CultureInfo.InvariantCulture);
        if (value is BoolValue or NoneValue)
            return Word(value);
        if (dialect == TemplateDialect.JavaScript && (value is SequenceValue or DictValue))
            return JsonWriter.Write(meter, value, JsonStyle.Display);
        var text = TextBuffer.ForString(meter);
        Write(text, value);
        return text.ToString();
    }

    private string Word(Value value) => (value, dialect) switch
    {
        (BoolValue { Value: true }, TemplateDialect.JavaScript) => "true",
        (BoolValue { Value: false }, TemplateDialect.JavaScript) => "false",
        (BoolValue { Value: true }, _) => "True",
        (BoolValue, _) => "False",
        (_, TemplateDialect.JavaScript) => "null",
        _ => "None",
    };

    private void Write(TextBuffer text, Value value)
    {
        meter.Step();
        switch (value)
        {
            case StringValue s: Quote(text, s.Text); break;
            case IntValue i: text.Append(i.Value.ToString(CultureInfo.InvariantCulture)); break;
            case FloatValue f: text.Append(FloatText.Repr(f.Value)); break;
            case UndefinedValue: text.Append("Undefined"); break;
            case ListValue list: Items(text, list.Items, '[', ']'); break;
            case TupleValue { Items: [var only] }:
                text.Append('(');
                Write(text, only);
                text.Append(",)");
                break;
            case TupleValue tuple: Items(text, tuple.Items, '(', ')'); break;
            case DictValue dict: Dict(text, dict); break;
            case NamespaceValue or CallableValue or LoopValue:
                throw new TemplateFault($"a {value.Type} cannot be printed");
            default: text.Append(Word(value)); break;
        }
    }

    private void Items(TextBuffer text, Value[] items, char open, char close)
    {
        text.Append(open);
        for (int i = 0; i < items.Length; i++)
        {
            if (i > 0)
                text.Append(", ");
            Write(text, items[i]);
        }
        text.Append(close);
    }

    private void Dict(TextBuffer text, DictValue dict)
    {
        text.Append('{');
        bool first = true;
        foreach (var (key, value) in dict.Items)
        {
            if (!first)
                text.Append(", ");
            first = false;
            Write(text, key);
            text.Append(": ");
            Write(text, value);
        }
        text.Append('}');
    }

    private void Quote(TextBuffer text, string value)
    {
        meter.Scan(value.Length);
        char quote = value.Contains('\'', StringComparison.Ordinal) && !value.Contains('"', StringComparison.Ordinal) ? '"' : '\'';
        text.Append(quote);
        Span<char> units = stackalloc char[2];
        for (int i = 0; i < value.Length;)
        {
            if (Rune.DecodeFromUtf16(value.AsSpan(i), out var rune, out int used) != System.Buffers.OperationStatus.Done)
            {
                text.Append(string.Create(CultureInfo.InvariantCulture, $"\\u{(int)value[i]:x4}"));
                i++;
                continue;
            }
            i += used;
            switch (rune.Value)
            {
                case '\\': text.Append("\\\\"); break;
                case '\n': text.Append("\\n"); break;
                case '\r': text.Append("\\r"); break;
                case '\t': text.Append("\\t"); break;
                case var c when c == quote: text.Append('\\').Append(quote); break;
                case var c when c is >= 0x20 and < 0x7f || PythonText.IsPrintable(rune): text.Append(units[..rune.EncodeToUtf16(units)]); break;
                case var c when c < 0x100: text.Append(string.Create(CultureInfo.InvariantCulture, $"\\x{c:x2}")); break;
                case var c when c < 0x10000: text.Append(string.Create(CultureInfo.InvariantCulture, $"\\u{c:x4}")); break;
                case var c: text.Append(string.Create(CultureInfo.InvariantCulture, $"\\U{c:x8}")); break;
            }
        }
        text.Append(quote);
    }
}
