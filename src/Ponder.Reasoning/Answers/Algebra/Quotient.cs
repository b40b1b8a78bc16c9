using System.Numerics;
using Ponder.Reasoning.Puzzles;

namespace Ponder.Reasoning.Answers.Algebra;

/// <summary>
/// A quotient of polynomials: the normal form of a formula. It is not in lowest terms; a/b and c/d are the same when a·d and c·b are, which
/// needs no common divisors.
/// </summary>
/// <param name="Top">The dividend.</param>
/// <param name="Bottom">The divisor, not zero.</param>
internal sealed record Quotient(Polynomial Top, Polynomial Bottom)
{
    private const int MaxExponent = 64;

    public static Quotient Of(Polynomial polynomial) => new(polynomial, Polynomial.One);

    public static Quotient Of(Rational value) => Of(Polynomial.Constant(value));

    public static Quotient Of(string atom) => Of(Polynomial.Of(Monomial.Of(atom, 1), 1));

    /// <summary>The value of a quotient without atoms; null for another.</summary>
    public Rational? AsConstant => Top.AsConstant is Rational top && Bottom.AsConstant is Rational bottom && bottom != default ? top / bottom : null;

    /// <summary>The atoms in it.</summary>
    public IEnumerable<string> Atoms => Top.Terms.Keys.Concat(Bottom.Terms.Keys).SelectMany(monomial => monomial.Factors).Select(factor => factor.Atom);

    public static Quotient Add(Quotient a, Quotient b, Rational factorOfB, Work work)
    {
        if (Polynomial.AreSame(a.Bottom, b.Bottom))
            return new(Polynomial.Add(a.Top, b.Top, factorOfB, work), a.Bottom);
        var (left, right) = (Polynomial.Multiply(a.Top, b.Bottom, work), Polynomial.Multiply(b.Top, a.Bottom, work));
        return new(Polynomial.Add(left, right, factorOfB, work), Polynomial.Multiply(a.Bottom, b.Bottom, work));
    }

    public static Quotient Multiply(Quotient a, Quotient b, Work work) =>
        new(Polynomial.Multiply(a.Top, b.Top, work), Polynomial.Multiply(a.Bottom, b.Bottom, work));

    /// <summary>The quotient of two quotients; null when the divisor is zero.</summary>
    public static Quotient? Divide(Quotient a, Quotient b, Work work)
    {
        if (b.Top.IsZero)
            return null;
        if (b.AsConstant is Rational divisor)
            return new(Polynomial.Multiply(a.Top, Polynomial.Constant(1 / divisor), work), a.Bottom);
        return new(Polynomial.Multiply(a.Top, b.Bottom, work), Polynomial.Multiply(a.Bottom, b.Top, work));
    }

    /// <summary>A whole power; null when it is too high, or a negative power of zero.</summary>
    public static Quotient? Power(Quotient value, Rational exponent, Work work)
    {
        if (!exponent.IsInteger || BigInteger.Abs(exponent.Numerator) > 1_000_000)
            return null;
        int power = (int)exponent.Numerator;
        if (power < 0 && value.Top.IsZero)
            return null;
        if (value.AsConstant is Rational constant)
            return Of(work.Power(constant, power));
        if (power < 0)
            (value, power) = (new(value.Bottom, value.Top), -power);
        if (power > MaxExponent)
            return null;
        var result = Of(1);
        for (int i = 0; i < power && !work.IsExhausted; i++)
            result = Multiply(result, value, work);
        return result;
    }

    /// <summary>Whether both are the same quotient.</summary>
    public static bool AreSame(Quotient a, Quotient b, Work work)
    {
        bool areSame = Polynomial.AreSame(Polynomial.Multiply(a.Top, b.Bottom, work), Polynomial.Multiply(b.Top, a.Bottom, work));
        return areSame && !work.IsExhausted;
    }

    /// <summary>A name that only equal pairs of polynomials share.</summary>
    public override string ToString() => $"({Top})/({Bottom})";
}
