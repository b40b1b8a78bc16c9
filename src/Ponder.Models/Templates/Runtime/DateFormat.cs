using System.Globalization;

namespace Ponder.Models.Templates.Runtime;

/// <summary>Python's <c>strftime</c> in English.</summary>
internal static class DateFormat
{
    /// <summary>Formats a time.</summary>
    /// <exception cref="TemplateFault">The format has a directive that is not supported.</exception>
    public static string Format(DateTimeOffset time, string format, Meter meter)
    {
        var text = TextBuffer.ForString(meter);
        for (int i = 0; i < format.Length; i++)
        {
            if (format[i] != '%')
            {
                text.Append(format[i]);
                continue;
            }
            bool unpadded = ++i < format.Length && format[i] == '-';
            if (unpadded)
                i++;
            if (i >= format.Length)
                throw new TemplateFault("the date format ends in the middle of a directive");
            string part = Directive(time, format[i]);
            text.Append(unpadded ? part.TrimStart('0', ' ') is { Length: > 0 } trimmed ? trimmed : "0" : part);
        }
        return text.ToString();
    }

    private static string Directive(DateTimeOffset time, char directive) => directive switch
    {
        'a' => Of(time, "ddd"),
        'A' => Of(time, "dddd"),
        'b' or 'h' => Of(time, "MMM"),
        'B' => Of(time, "MMMM"),
        'c' => Of(time, "ddd MMM ") + Of(time, "%d").PadLeft(2) + Of(time, " HH:mm:ss yyyy"),
        'd' => Of(time, "dd"),
        'D' or 'x' => Of(time, "MM/dd/yy"),
        'e' => Of(time, "%d").PadLeft(2),
        'f' => Of(time, "ffffff"),
        'F' => Of(time, "yyyy-MM-dd"),
        'H' => Of(time, "HH"),
        'I' => Of(time, "hh"),
        'j' => time.DayOfYear.ToString("000", CultureInfo.InvariantCulture),
        'm' => Of(time, "MM"),
        'M' => Of(time, "mm"),
        'n' => "\n",
        'p' => Of(time, "tt"),
        'R' => Of(time, "HH:mm"),
        's' => time.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
        'S' => Of(time, "ss"),
        't' => "\t",
        'T' or 'X' => Of(time, "HH:mm:ss"),
        'u' => time.DayOfWeek == DayOfWeek.Sunday ? "7" : ((int)time.DayOfWeek).ToString(CultureInfo.InvariantCulture),
        'w' => ((int)time.DayOfWeek).ToString(CultureInfo.InvariantCulture),
        'y' => Of(time, "yy"),
        'Y' => Of(time, "yyyy"),
        'z' or 'Z' => "",      // Python's now() has no time zone
        '%' => "%",
        _ => throw new TemplateFault($"the date directive %{directive} is not supported"),
    };

    private static string Of(DateTimeOffset time, string format) => time.ToString(format, CultureInfo.InvariantCulture);
}
