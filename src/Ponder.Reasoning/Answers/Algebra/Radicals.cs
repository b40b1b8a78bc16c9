using System.Numerics;
using Ponder.Reasoning.Puzzles;

namespace Ponder.Reasoning.Answers.Algebra;

/// <summary>
/// Roots of numbers as products of roots of primes, which are independent over the fractions: √12 is 2·√3, 1/√2 is √2/2.
/// Odd roots of negative numbers are real, even ones hold i.
/// </summary>
internal static class Radicals
{
    private const int MaxPrime = 10_000;
    private const int MaxRoot = 64;

    /// <summary>A power of a number with a fraction as its exponent; null when it has no such form or would be too large.</summary>
    public static Polynomial? Power(Rational value, Rational exponent, Work work)
    {
        if (exponent.Denominator > MaxRoot || BigInteger.Abs(exponent.Numerator) > 1_000)
            return null;
        if (value == default)
            return exponent.Numerator.Sign > 0 ? Polynomial.Zero : null;
        var result = Polynomial.One;
        if (value.Numerator.Sign < 0)
        {
            if (exponent.Denominator == 2)
                result = Polynomial.Of(Monomial.Of(Atoms.ImaginaryUnit, 1), (exponent.Numerator - 1) / 2 % 2 == 0 ? 1 : -1);
            else if (exponent.Denominator.IsEven)
                return null;
            else if (!exponent.Numerator.IsEven)
                result = Polynomial.Constant(-1);
        }
        foreach (var (prime, count) in Factors(BigInteger.Abs(value.Numerator), 1, work).Concat(Factors(value.Denominator, -1, work)))
        {
            if (work.IsExhausted)
                return null;
            var power = exponent * count;
            var whole = (power.Numerator - Modulo(power.Numerator, power.Denominator)) / power.Denominator;
            var part = power - whole;
            if (BigInteger.Abs(whole) > 10_000)
                return null;
            var factor = Polynomial.Of(part == default ? Monomial.One : Monomial.Of(Atoms.OfPrime(prime), part), work.Power(prime, (int)whole));
            result = Polynomial.Multiply(result, factor, work);
        }
        return result;
    }

    /// <summary>The primes of a number with their counts times a sign. What is left without small primes counts as one.</summary>
    private static List<(BigInteger Prime, int Count)> Factors(BigInteger number, int sign, Work work)
    {
        var factors = new List<(BigInteger Prime, int Count)>();
        for (int prime = 2; prime < MaxPrime && (BigInteger)prime * prime <= number; prime += prime == 2 ? 1 : 2)
        {
            if (!work.Pay(1 + (int)(number.GetBitLength() / 64)))
                return factors;
            int count = 0;
            while ((number % prime).IsZero)
            {
                number /= prime;
                count += sign;
            }
            if (count != 0)
                factors.Add((prime, count));
        }
        if (!number.IsOne)
        {
            var root = Root(number);
            factors.Add(root * root == number ? (root, 2 * sign) : (number, sign));
        }
        return factors;
    }

    /// <summary>The whole part of the square root, by Newton's method.</summary>
    private static BigInteger Root(BigInteger number)
    {
        var root = BigInteger.One << (int)((number.GetBitLength() + 1) / 2);
        while (true)
        {
            var next = (root + number / root) >> 1;
            if (next >= root)
                return root;
            root = next;
        }
    }

    private static BigInteger Modulo(BigInteger a, BigInteger b) => ((a % b) + b) % b;
}
