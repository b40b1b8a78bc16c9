using System.Text.RegularExpressions;
using Ponder.Reasoning.Answers.Algebra;
using Ponder.Reasoning.Answers.Extraction;

namespace Ponder.Reasoning.Answers;

/// <summary>
/// Tells whether two answers in mathematical notation, LaTeX or plain, mean the same: numbers, formulas, sets, tuples, intervals, unions,
/// matrices, equations, inequalities, and words.
/// </summary>
/// <remarks>
/// Formulas are equal when their normal forms are (quotients of polynomials with exact fractions, roots of primes and i); sines, nested
/// roots and powers with unknown exponents are compared by their values at eight fixed points. A decimal stands for what rounds to it within
/// one part in 10,000; a percentage for its number or its fraction; a unit counts where both answers have one that is known; the base of
/// <c>1011_2</c> counts where both name one. The work is bounded: what is too long or grows too large is compared as text.
/// </remarks>
public static partial class MathEquality
{
    // Formulas longer than this are no answers.
    private const int MaxLength = 1_000;

    [GeneratedRegex(@",\d{3}(?!\d)", RegexOptions.CultureInvariant)]
    private static partial Regex Thousands { get; }

    /// <summary>Whether two answers mean the same. Reflexive and symmetric; never throws on any text.</summary>
    /// <exception cref="ArgumentNullException">One is null.</exception>
    public static bool AreSame(string a, string b)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        (a, b) = (Trimmed(a), Trimmed(b));
        int order = string.CompareOrdinal(a, b);
        if (order == 0)
            return true;
        if (a.Length > MaxLength || b.Length > MaxLength)
            return NormalText.AreSame(a, b);
        // In one order, whichever came first: so that the comparison is symmetric by construction.
        if (order > 0)
            (a, b) = (b, a);
        var (first, second) = (MathLexer.Read(a), MathLexer.Read(b));
        if (AreSame(a, first, b, second, commasPartThousands: true))
            return true;
        // 100,200 is a number, or two.
        return (Thousands.IsMatch(a) || Thousands.IsMatch(b)) && AreSame(a, first, b, second, commasPartThousands: false);
    }

    private static bool AreSame(string a, IReadOnlyList<MathToken> first, string b, IReadOnlyList<MathToken> second, bool commasPartThousands)
    {
        if (MathParser.Parse(first, commasPartThousands) is not MathNode left || MathParser.Parse(second, commasPartThousands) is not MathNode right)
            return NormalText.AreSame(a, b);
        if ((left is TextNode || right is TextNode) && NormalText.AreSame(a, b))
            return true;
        return new MathComparer().AreSame(left, right);
    }

    private static string Trimmed(string text) => LastLine.Unmarked(text).TrimEnd('.', ',', ';', ' ');
}
