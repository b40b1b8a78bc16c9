using System.Globalization;
using System.Numerics;
using System.Text.Json;
using Ponder.Reasoning.Puzzles;

namespace Ponder.Reasoning.Verifiers.Schemas;

/// <summary>Numbers of JSON, exactly.</summary>
internal static class JsonNumber
{
    private const int MaxLength = 1_000, MaxExponent = 1_000;

    /// <summary>The value; null when it is too long to be worth its memory.</summary>
    public static Rational? Read(JsonElement number)
    {
        string text = number.GetRawText();
        if (text.Length > MaxLength)
            return null;
        int mark = text.AsSpan().IndexOfAny('e', 'E');
        int exponent = 0;
        if (mark >= 0 && !int.TryParse(text.AsSpan(mark + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out exponent))
            return null;
        if (Math.Abs((long)exponent) > MaxExponent)
            return null;
        string digits = mark >= 0 ? text[..mark] : text;
        int point = digits.IndexOf('.');
        if (point >= 0)
        {
            exponent -= digits.Length - point - 1;
            digits = digits.Remove(point, 1);
        }
        var whole = BigInteger.Parse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        var power = BigInteger.Pow(10, Math.Abs(exponent));
        return exponent >= 0 ? new Rational(whole * power, 1) : new Rational(whole, power);
    }
}
