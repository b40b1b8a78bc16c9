using System.Numerics;
using Ponder.Reasoning.Puzzles;

namespace Ponder.Reasoning.Answers.Numbers;

/// <summary>
/// When a written decimal stands for another number. Exact values are equal or not. A decimal with d places stands for what rounds to it:
/// the two differ by at most half a unit in the place d (the fewer places of two decimals), and by at most one part in 10,000 of the larger, so that
/// 0.3333 is 1/3 and 0.33 is not. Whole numbers and fractions are exact: 18 is not 18.0001.
/// </summary>
internal static class DecimalRule
{
    private static readonly Rational Tolerance = new(1, 10_000);

    /// <summary>Whether two numbers agree.</summary>
    /// <param name="a">A number.</param>
    /// <param name="placesOfA">Its decimal places; null when it is exact. Negative for 6.02e23.</param>
    /// <param name="b">The other.</param>
    /// <param name="placesOfB">Its decimal places.</param>
    public static bool Agree(Rational a, int? placesOfA, Rational b, int? placesOfB)
    {
        if (a == b)
            return true;
        if (Places(placesOfA, placesOfB) is not int places || a.Numerator.Sign != b.Numerator.Sign)
            return false;
        var difference = Magnitude(a - b);
        var unit = places >= 0 ? new Rational(1, BigInteger.Pow(10, places)) : new Rational(BigInteger.Pow(10, -places), 1);
        return IsAtMost(difference + difference, unit) && IsAtMost(difference, Tolerance * Larger(Magnitude(a), Magnitude(b)));
    }

    /// <summary>Whether a decimal stands for a value that is known as a floating-point number only, such as the square root of 2.</summary>
    public static bool Agree(double value, double written, int places)
    {
        double difference = Math.Abs(value - written);
        return difference <= 0.5 * Math.Pow(10, -places) && difference <= 1e-4 * Math.Max(Math.Abs(value), Math.Abs(written));
    }

    private static int? Places(int? a, int? b) => a is null ? b : b is null ? a : Math.Min(a.Value, b.Value);

    private static Rational Magnitude(Rational value) => value.Numerator.Sign < 0 ? -value : value;

    private static Rational Larger(Rational a, Rational b) => IsAtMost(a, b) ? b : a;

    private static bool IsAtMost(Rational a, Rational b) => a.Numerator * b.Denominator <= b.Numerator * a.Denominator;
}
