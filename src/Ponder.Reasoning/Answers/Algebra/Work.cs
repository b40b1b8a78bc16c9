using System.Numerics;
using Ponder.Reasoning.Puzzles;

namespace Ponder.Reasoning.Answers.Algebra;

/// <summary>
/// How much a comparison may still compute. Exact arithmetic on hostile input grows without end: when the work is used up, what is left
/// of the comparison says "not the same". Counted, not timed, so that the same answers always compare alike.
/// </summary>
internal sealed class Work
{
    // A unit is an operation on small fractions, less than 1 µs. (a+b+c+d)^8, written out, takes 15,000.
    private const int Units = 30_000;
    private const int MaxBits = 4_096;

    private int _left = Units;

    /// <summary>Whether a limit has been passed: then nothing computed since then holds.</summary>
    public bool IsExhausted { get; private set; }

    /// <summary>Pays for an operation with this result.</summary>
    public Rational Pay(Rational result)
    {
        long bits = Bits(result.Numerator) + Bits(result.Denominator);
        if (bits > 2 * MaxBits || (_left -= (int)(1 + bits * bits / 8_192)) < 0)
            IsExhausted = true;
        return IsExhausted ? default : result;
    }

    /// <summary>Pays for so many small operations; false when that is too much.</summary>
    public bool Pay(int units)
    {
        if ((_left -= units) < 0)
            IsExhausted = true;
        return !IsExhausted;
    }

    /// <summary>A power; nothing when it is too large.</summary>
    public Rational Power(Rational value, int exponent)
    {
        long bits = (Bits(value.Numerator) + Bits(value.Denominator)) * Math.Abs((long)exponent);
        if (bits > 2 * MaxBits || exponent < 0 && value == default)
        {
            IsExhausted = true;
            return default;
        }
        var (top, bottom) = (BigInteger.Pow(value.Numerator, Math.Abs(exponent)), BigInteger.Pow(value.Denominator, Math.Abs(exponent)));
        return Pay(exponent >= 0 ? new Rational(top, bottom) : new Rational(bottom, top));
    }

    private static long Bits(BigInteger value) => BigInteger.IsPow2(value) ? 1 : (long)value.GetBitLength();
}
