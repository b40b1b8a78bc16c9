using System.Numerics;
using Ponder.Reasoning.Puzzles;

namespace Ponder.Reasoning.Answers.Algebra;

/// <summary>Brings formulas into normal form. Functions and powers that it cannot open become atoms of their own.</summary>
internal sealed class NormalForm(Work work)
{
    private const int MaxFactorial = 400;

    // Names of opaque atoms hold whole normal forms: nested, they would grow without end.
    private const int MaxName = 4_000;

    private readonly Dictionary<MathNode, Quotient?> _known = new(ReferenceEqualityComparer.Instance);

    /// <summary>The normal form of a number-valued formula; null when it has none: it holds text or a set, or divides by zero, or is too large.</summary>
    public Quotient? Of(MathNode node)
    {
        if (_known.TryGetValue(node, out var known))
            return known;
        var form = Build(node);
        return _known[node] = work.IsExhausted ? null : form;
    }

    private Quotient? Build(MathNode node)
    {
        switch (node)
        {
            case NumberNode number:
                return Quotient.Of(number.Value);
            case SymbolNode symbol:
                return Quotient.Of(symbol.Name);
            case UnitNode { Unit: UnitNode.Percent } percent:
                return Of(percent.Value) is Quotient part ? Quotient.Multiply(part, Quotient.Of(new Rational(1, 100)), work) : null;
            case UnitNode { Unit: UnitNode.Degree } angle:
                return Of(angle.Value) is Quotient degrees
                    ? Quotient.Multiply(degrees, Quotient.Of(Polynomial.Of(Monomial.Of(Atoms.Pi, 1), new Rational(1, 180))), work) : null;
            case CallNode call:
                return Call(call);
            case BinaryNode binary when Of(binary.Left) is Quotient left && Of(binary.Right) is Quotient right:
                return binary.Operator switch
                {
                    '+' => Quotient.Add(left, right, 1, work),
                    '-' => Quotient.Add(left, right, -1, work),
                    '*' => Quotient.Multiply(left, right, work),
                    '/' => Quotient.Divide(left, right, work),
                    '^' => Power(left, right),
                    _ => null,
                };
            default:
                return null;
        }
    }

    private Quotient? Power(Quotient value, Quotient exponent)
    {
        if (exponent.AsConstant is Rational constant)
        {
            if (constant.IsInteger)
                return Quotient.Power(value, constant, work) ?? (value.Top.IsZero ? null : Opaque($"{value}^{constant}"));
            if (value.AsConstant is Rational number && Radicals.Power(number, constant, work) is Polynomial root)
                return Quotient.Of(root);
        }
        return Opaque($"{value}^{exponent}");
    }

    private Quotient? Call(CallNode call)
    {
        if (call is { Name: "binom", Argument: BinaryNode { Operator: ',' } pair })
        {
            return Of(pair.Left) is not Quotient n || Of(pair.Right) is not Quotient k ? null
                : Whole(n) is int of && Whole(k) is int choose ? Quotient.Of(Binomial(of, choose)) : Opaque($"binom({n},{k})");
        }
        if (Of(call.Argument) is not Quotient argument)
            return null;
        if (call.Name == "!" && Whole(argument) is int count)
        {
            var product = BigInteger.One;
            for (int i = 2; i <= count; i++)
                product *= i;
            return Quotient.Of(work.Pay(product));
        }
        if (argument.AsConstant is Rational value)
        {
            switch (call.Name)
            {
                case "abs":
                    return Quotient.Of(value.Numerator.Sign < 0 ? -value : value);
                case "floor":
                    return Quotient.Of(Floor(value));
                case "ceil":
                    return Quotient.Of(-Floor(-value));
            }
        }
        return Opaque($"{call.Name}({argument})");
    }

    private Rational Binomial(int n, int k)
    {
        if (k > n)
            return 0;
        var result = BigInteger.One;
        for (int i = 1; i <= Math.Min(k, n - k); i++)
            result = result * (n - i + 1) / i;
        return work.Pay(result);
    }

    private static int? Whole(Quotient value) =>
        value.AsConstant is Rational { IsInteger: true } number && number.Numerator >= 0 && number.Numerator <= MaxFactorial ? (int)number.Numerator : null;

    private static BigInteger Floor(Rational value) =>
        value.Numerator.Sign >= 0 ? value.Numerator / value.Denominator : (value.Numerator - value.Denominator + 1) / value.Denominator;

    private Quotient? Opaque(string name) => name.Length > MaxName || !work.Pay(name.Length / 16) ? null : Quotient.Of(Atoms.Opaque(name));
}
