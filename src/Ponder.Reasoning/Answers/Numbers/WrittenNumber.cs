using System.Globalization;
using System.Numerics;
using Ponder.Reasoning.Puzzles;

namespace Ponder.Reasoning.Answers.Numbers;

/// <summary>A number as it was written.</summary>
/// <param name="Text">Without separators and currency: <c>-1234.50</c>, <c>3/4</c>, <c>5 1/2</c>, <c>6.02e23</c>, <c>50%</c>.</param>
/// <param name="Value">Its value; that of 50 % is 50.</param>
/// <param name="Places">Its decimal places; null for a whole number or a fraction. Negative for 6.02e23.</param>
/// <param name="IsPercent">Whether a percent sign follows.</param>
internal sealed record WrittenNumber(string Text, Rational Value, int? Places, bool IsPercent)
{
    // Past these a number is no answer, and exact arithmetic on it would be slow.
    public const int MaxDigits = 1_000;
    public const int MaxExponent = 1_000;

    /// <summary>Whether two numbers agree; a percentage agrees with its number (50 % and 50) and with its fraction (50 % and 0.5).</summary>
    public bool AgreesWith(WrittenNumber other) =>
        DecimalRule.Agree(Value, Places, other.Value, other.Places)
        || IsPercent != other.IsPercent && DecimalRule.Agree(Fraction, PlacesOfFraction, other.Fraction, other.PlacesOfFraction);

    private Rational Fraction => IsPercent ? Value / 100 : Value;

    private int? PlacesOfFraction => IsPercent ? Places + 2 : Places;

    /// <summary>The value of digits with an optional fraction and exponent; null when they are too many.</summary>
    public static (Rational Value, int? Places)? Decimal(ReadOnlySpan<char> whole, ReadOnlySpan<char> fraction, ReadOnlySpan<char> exponent)
    {
        if (whole.Length + fraction.Length > MaxDigits)
            return null;
        int power = 0;
        if (exponent.Length > 0 && (!int.TryParse(exponent, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out power)
            || Math.Abs(power) > MaxExponent))
            return null;
        int places = fraction.Length - power;
        var digits = BigInteger.Parse($"0{whole}{fraction}", NumberStyles.None, CultureInfo.InvariantCulture);
        var value = places > 0 ? new Rational(digits, BigInteger.Pow(10, places)) : new Rational(digits * BigInteger.Pow(10, -places), 1);
        return (value, fraction.Length > 0 || exponent.Length > 0 ? places : null);
    }
}
