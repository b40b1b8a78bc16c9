using Ponder.Reasoning.Puzzles;

namespace Ponder.Reasoning.Answers.Algebra;

/// <summary>A sum of monomials with exact coefficients, none of them zero: equal polynomials have equal terms.</summary>
internal sealed class Polynomial
{
    // (a+b+c+d)^8 has 165 terms: beyond a few hundred nobody wrote an answer out.
    private const int MaxTerms = 400;

    public static readonly Polynomial Zero = new([]);
    public static readonly Polynomial One = Constant(1);

    private readonly Dictionary<Monomial, Rational> _terms;

    private Polynomial(Dictionary<Monomial, Rational> terms) => _terms = terms;

    public IReadOnlyDictionary<Monomial, Rational> Terms => _terms;

    public bool IsZero => _terms.Count == 0;

    /// <summary>The value of a polynomial without atoms; null for another.</summary>
    public Rational? AsConstant => _terms.Count == 0 ? default(Rational)
        : _terms.Count == 1 && _terms.TryGetValue(Monomial.One, out var value) ? value : null;

    public static Polynomial Constant(Rational value) => Of(Monomial.One, value);

    public static Polynomial Of(Monomial monomial, Rational coefficient) =>
        coefficient == default ? new([]) : new(new() { [monomial] = coefficient });

    public static Polynomial Add(Polynomial a, Polynomial b, Rational factorOfB, Work work)
    {
        var terms = new Dictionary<Monomial, Rational>(a._terms);
        foreach (var (monomial, coefficient) in b._terms)
            Accumulate(terms, monomial, work.Pay(coefficient * factorOfB), work);
        return Limited(terms, work);
    }

    public static Polynomial Multiply(Polynomial a, Polynomial b, Work work)
    {
        var terms = new Dictionary<Monomial, Rational>();
        foreach (var (left, leftCoefficient) in a._terms)
        {
            foreach (var (right, rightCoefficient) in b._terms)
            {
                if (work.IsExhausted)
                    return Zero;
                var (product, coefficient) = Monomial.Multiply(left, right, work);
                Accumulate(terms, product, work.Pay(leftCoefficient * rightCoefficient * coefficient), work);
            }
        }
        return Limited(terms, work);
    }

    /// <summary>Whether both have the same terms.</summary>
    public static bool AreSame(Polynomial a, Polynomial b) =>
        a._terms.Count == b._terms.Count && a._terms.All(term => b._terms.TryGetValue(term.Key, out var other) && other == term.Value);

    /// <summary>The number that makes <paramref name="b"/> of <paramref name="a"/>; null when there is none.</summary>
    public static Rational? Ratio(Polynomial a, Polynomial b, Work work)
    {
        if (a.IsZero || a._terms.Count != b._terms.Count)
            return null;
        Rational? ratio = null;
        foreach (var (monomial, coefficient) in a._terms)
        {
            if (!b._terms.TryGetValue(monomial, out var other))
                return null;
            var here = work.Pay(other / coefficient);
            if (ratio is Rational known && known != here)
                return null;
            ratio = here;
        }
        return ratio;
    }

    /// <summary>A name that only equal polynomials share.</summary>
    public override string ToString() =>
        string.Join("+", _terms.Select(term => $"{term.Value}·{term.Key}").Order(StringComparer.Ordinal));

    private static void Accumulate(Dictionary<Monomial, Rational> terms, Monomial monomial, Rational value, Work work)
    {
        if (terms.TryGetValue(monomial, out var there))
            value = work.Pay(there + value);
        if (value == default)
            terms.Remove(monomial);
        else
            terms[monomial] = value;
    }

    private static Polynomial Limited(Dictionary<Monomial, Rational> terms, Work work)
    {
        if (terms.Count > MaxTerms)
            work.Pay(int.MaxValue);
        return work.IsExhausted ? Zero : new Polynomial(terms);
    }
}
