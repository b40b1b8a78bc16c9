using System.Text;
using Ponder.Reasoning.Puzzles;

namespace Ponder.Reasoning.Answers.Algebra;

/// <summary>
/// A product of powers of atoms, in the order of their names. An atom is a variable, a constant such as π, a prime (<c>#2</c>, whose
/// exponents lie between 0 and 1: 2^(1/2) is the root of 2), or a part that algebra does not see into (<c>@sin(x)</c>).
/// </summary>
internal sealed class Monomial : IEquatable<Monomial>
{
    public static readonly Monomial One = new([]);

    private readonly (string Atom, Rational Exponent)[] _factors;
    private readonly int _hash;

    private Monomial((string Atom, Rational Exponent)[] factors)
    {
        _factors = factors;
        var hash = new HashCode();
        foreach (var (atom, exponent) in factors)
        {
            hash.Add(atom);
            hash.Add(exponent);
        }
        _hash = hash.ToHashCode();
    }

    public IReadOnlyList<(string Atom, Rational Exponent)> Factors => _factors;

    public static Monomial Of(string atom, Rational exponent) => new([(atom, exponent)]);

    /// <summary>The product, with what i² = -1 and whole powers of primes leave as a number.</summary>
    public static (Monomial Product, Rational Coefficient) Multiply(Monomial a, Monomial b, Work work)
    {
        if (a._factors.Length == 0 || b._factors.Length == 0)
            return (a._factors.Length == 0 ? b : a, 1);
        var factors = new List<(string Atom, Rational Exponent)>(a._factors.Length + b._factors.Length);
        Rational coefficient = 1;
        int i = 0, j = 0;
        while (i < a._factors.Length || j < b._factors.Length)
        {
            int order = i == a._factors.Length ? 1 : j == b._factors.Length ? -1 : string.CompareOrdinal(a._factors[i].Atom, b._factors[j].Atom);
            if (order != 0)
            {
                factors.Add(order < 0 ? a._factors[i++] : b._factors[j++]);
                continue;
            }
            string atom = a._factors[i].Atom;
            var exponent = work.Pay(a._factors[i++].Exponent + b._factors[j++].Exponent);
            if (atom == Atoms.ImaginaryUnit && exponent == 2)
                (exponent, coefficient) = (0, -coefficient);
            else if (Atoms.IsPrime(atom) && exponent.Numerator >= exponent.Denominator)
                (exponent, coefficient) = (exponent - 1, work.Pay(coefficient * Atoms.Prime(atom)));
            if (exponent != default)
                factors.Add((atom, exponent));
        }
        return (new Monomial([.. factors]), coefficient);
    }

    public bool Equals(Monomial? other) => other is not null && _hash == other._hash && _factors.AsSpan().SequenceEqual(other._factors);

    public override bool Equals(object? obj) => Equals(obj as Monomial);

    public override int GetHashCode() => _hash;

    /// <summary>A name that only equal monomials share.</summary>
    public override string ToString()
    {
        var name = new StringBuilder();
        foreach (var (atom, exponent) in _factors)
            name.Append(atom).Append('^').Append(exponent).Append('·');
        return name.ToString();
    }
}
