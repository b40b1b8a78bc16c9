using System.Globalization;

namespace Ponder.Models.Templates.Runtime;

/// <summary>Floating-point numbers as Python writes them.</summary>
internal static class FloatText
{
    /// <summary>The shortest text that reads back as the number: <c>1.0</c>, <c>1e+16</c>, <c>1e-05</c>, <c>inf</c>, <c>nan</c>.</summary>
    public static string Repr(double value)
    {
        if (!double.IsFinite(value))
            return double.IsNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
        string shortest = value.ToString("R", CultureInfo.InvariantCulture);
        string sign = shortest[0] == '-' ? "-" : "";
        var (digits, exponent) = Digits(shortest.AsSpan(sign.Length));
        if (exponent is < -4 or >= 16)
        {
            string tail = digits.Length > 1 ? "." + digits[1..] : "";
            return string.Create(CultureInfo.InvariantCulture, $"{sign}{digits[0]}{tail}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}");
        }
        if (exponent < 0)
            return sign + "0." + new string('0', -exponent - 1) + digits;
        if (digits.Length <= exponent + 1)
            return sign + digits.PadRight(exponent + 1, '0') + ".0";
        return sign + digits[..(exponent + 1)] + "." + digits[(exponent + 1)..];
    }

    /// <summary>So many decimals, halves to even, as <c>'%.2f' % x</c> and <c>round(x, 2)</c>.</summary>
    public static string Fixed(double value, int decimals)
    {
        if (!double.IsFinite(value))
            return Repr(value);
        if (IsTie(value, decimals))
        {
            // A tie is a short binary fraction: decimal holds it exactly.
            decimal rounded = Math.Round((decimal)value, decimals, MidpointRounding.ToEven);
            string text = Math.Abs(rounded).ToString("F" + decimals.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
            return double.IsNegative(value) ? "-" + text : text;
        }
        return value.ToString("F" + decimals.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
    }

    // value * 10^decimals ends in one half exactly: value is then a whole number of 2^-(decimals + 1).
    private static bool IsTie(double value, int decimals)
    {
        if (decimals > 20 || Math.Abs(value) > 1e15)
            return false;
        double scaled = Math.ScaleB(value, decimals + 1);
        if (Math.Floor(scaled) != scaled)
            return false;
        string text = Repr(value);
        int point = text.IndexOf('.', StringComparison.Ordinal);
        return !text.Contains('e', StringComparison.Ordinal) && text.Length - point - 1 == decimals + 1 && text[^1] == '5';
    }

    /// <summary>The significant digits and the power of ten of the first one.</summary>
    private static (string Digits, int Exponent) Digits(ReadOnlySpan<char> text)
    {
        int exponent = 0;
        int e = text.IndexOf('E');
        if (e >= 0)
        {
            exponent = int.Parse(text[(e + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
            text = text[..e];
        }
        int point = text.IndexOf('.');
        string whole = (point < 0 ? text : text[..point]).ToString();
        string all = whole + (point < 0 ? "" : text[(point + 1)..].ToString());
        int leading = all.Length - all.TrimStart('0').Length;
        if (leading == all.Length)
            return ("0", 0);
        return (all[leading..].TrimEnd('0'), exponent + whole.Length - 1 - leading);
    }
}
