using System.Globalization;
using Ponder.Models.Templates.Values;

namespace Ponder.Models.Templates.Runtime;

/// <summary>Python's <c>'{} has {0} and {name}'.format(…)</c>, with the specification <c>.2f</c> and its like; others are refused.</summary>
internal static class BraceFormat
{
    /// <summary>Fills a format in.</summary>
    public static string Apply(Interpreter run, string format, List<Value> values, List<KeyValuePair<string, Value>> named)
    {
        var text = TextBuffer.ForString(run.Meter);
        int next = 0;
        for (int i = 0; i < format.Length; i++)
        {
            char c = format[i];
            if ((c is '{' or '}') && i + 1 < format.Length && format[i + 1] == c)
            {
                text.Append(c);
                i++;
            }
            else if (c == '}')
                throw new TemplateFault("the format has a '}' without a '{'");
            else if (c != '{')
                text.Append(c);
            else
            {
                int end = format.IndexOf('}', i);
                if (end < 0)
                    throw new TemplateFault("the format has a '{' without a '}'");
                text.Append(Field(run, format[(i + 1)..end], values, named, ref next));
                i = end;
            }
        }
        return text.ToString();
    }

    private static string Field(Interpreter run, string field, List<Value> values, List<KeyValuePair<string, Value>> named, ref int next)
    {
        int colon = field.IndexOf(':', StringComparison.Ordinal);
        string name = colon < 0 ? field : field[..colon];
        string specification = colon < 0 ? "" : field[(colon + 1)..];
        int index = name.Length == 0 ? next++ : int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out int given) ? given : -1;
        var value = index >= 0 && index < values.Count
            ? values[index]
            : named.Find(n => n.Key == name).Value
                ?? throw new TemplateFault($"the format gets no value for '{{{Short(field)}}}', or it is not supported");
        if (specification.Length == 0)
            return run.Printer.Text(value);
        if (Arithmetic.IsNumber(value) && specification is ['.', >= '0' and <= '9' and var digit, 'f'])
            return FloatText.Fixed(Arithmetic.Real(value), digit - '0');
        throw new TemplateFault($"the format specification '{Short(specification)}' is not supported");
    }

    private static string Short(string text) => text.Length > 40 ? text[..40] + "…" : text;
}
