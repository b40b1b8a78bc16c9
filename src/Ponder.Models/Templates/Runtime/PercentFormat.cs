using System.Globalization;
using Ponder.Models.Templates.Values;

namespace Ponder.Models.Templates.Runtime;

/// <summary>Python's <c>'%s has %d' % (a, b)</c>: the conversions s, r, d, i, f, x, X, o and % with width, precision and the flags - and 0.</summary>
internal static class PercentFormat
{
    /// <summary>Fills a format in.</summary>
    /// <param name="run">The rendering.</param>
    /// <param name="format">The format.</param>
    /// <param name="values">The values in order.</param>
    /// <param name="named">The values of <c>%(name)s</c>.</param>
    public static string Apply(Interpreter run, string format, Value[] values, DictValue? named)
    {
        run.Meter.Scan(format.Length);
        var text = TextBuffer.ForString(run.Meter);
        int used = 0;
        bool usedNamed = false;
        for (int i = 0; i < format.Length; i++)
        {
            if (format[i] != '%')
            {
                text.Append(format[i]);
                continue;
            }
            i++;
            string? name = Name(format, ref i);
            var field = Field.Read(format, ref i);
            if (field.Conversion == '%')
            {
                text.Append('%');
                continue;
            }
            usedNamed |= name is not null;
            var value = name is null
                ? used < values.Length ? values[used++] : throw new TemplateFault("the format wants more values than it gets")
                : named?.Find(name) ?? throw new TemplateFault($"the format gets no value '{name}'");
            field.Write(text, Convert(run, field, value));
        }
        if (used < values.Length && !usedNamed && named is null)
            throw new TemplateFault("the format gets more values than it wants");
        return text.ToString();
    }

    private static string? Name(string format, ref int i)
    {
        if (i >= format.Length || format[i] != '(')
            return null;
        int end = format.IndexOf(')', i);
        if (end < 0)
            throw new TemplateFault("the format has a '%(' without a ')'");
        string name = format[(i + 1)..end];
        i = end + 1;
        return name;
    }

    private static string Convert(Interpreter run, Field field, Value value)
    {
        if (field.Conversion is 's' or 'r')
        {
            string text = field.Conversion == 's' ? run.Printer.Text(value) : run.Printer.Repr(value);
            return field.Precision is { } length && text.Length > length ? text[..length] : text;
        }
        if (!Arithmetic.IsNumber(value))
            throw new TemplateFault(Operators.Undefined(value) ?? $"%{field.Conversion} wants a number, not a value of type {value.Type}");
        double real = Arithmetic.Real(value);
        switch (field.Conversion)
        {
            case 'f' or 'F': return FloatText.Fixed(real, field.Precision ?? 6);
            case 'd' or 'i' when field.Precision is null:
                if (!(Math.Abs(real) < 9.2e18))
                    throw new TemplateFault("the number does not fit in 64 bits");
                return (Arithmetic.Whole(value) ?? (long)real).ToString(CultureInfo.InvariantCulture);
            case 'x' or 'X' or 'o' when field.Precision is null && Arithmetic.Whole(value) is >= 0 and var whole:
                return field.Conversion == 'o'
                    ? System.Convert.ToString(whole, 8)
                    : whole.ToString(field.Conversion.ToString(), CultureInfo.InvariantCulture);
            default: throw new TemplateFault($"the conversion %{field.Conversion} is not supported for this value");
        }
    }

    private readonly record struct Field(bool IsLeft, bool IsZeroFilled, int Width, int? Precision, char Conversion)
    {
        public static Field Read(string format, ref int i)
        {
            bool left = false, zero = false;
            for (; i < format.Length && (format[i] is '-' or '0'); i++)
            {
                left |= format[i] == '-';
                zero |= format[i] == '0';
            }
            int width = Number(format, ref i) ?? 0;
            int? precision = null;
            if (i < format.Length && format[i] == '.')
            {
                i++;
                precision = Number(format, ref i) ?? 0;
            }
            if (i >= format.Length)
                throw new TemplateFault("the format ends in the middle of a conversion");
            return new Field(left, zero && !left, width, precision, format[i]);
        }

        public void Write(TextBuffer text, string value)
        {
            int padding = Width - PythonText.Length(value);
            bool zeros = IsZeroFilled && Conversion is not ('s' or 'r');
            int sign = zeros && value.StartsWith('-') ? 1 : 0;
            if (!IsLeft && !zeros)
                text.Append(' ', padding);
            text.Append(value.AsSpan(0, sign));
            if (zeros)
                text.Append('0', padding);
            text.Append(value.AsSpan(sign));
            if (IsLeft)
                text.Append(' ', padding);
        }

        private static int? Number(string format, ref int i)
        {
            int start = i;
            while (i < format.Length && char.IsAsciiDigit(format[i]))
                i++;
            if (i == start)
                return null;
            return i - start <= 4
                ? int.Parse(format.AsSpan(start..i), CultureInfo.InvariantCulture)
                : throw new TemplateFault("the format has a width or a precision of more than 4 digits");
        }
    }
}
