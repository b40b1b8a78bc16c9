using System.Numerics;
using Ponder.Reasoning.Puzzles;

namespace Ponder.Reasoning.Answers.Algebra;

/// <summary>The value of a formula at a point, in floating point.</summary>
internal static class NumericValue
{
    /// <summary>How many points there are.</summary>
    public const int Points = 8;

    /// <summary>The value; null where it is undefined.</summary>
    /// <param name="node">The formula.</param>
    /// <param name="point">The number of the point; the variables have values at each that depend on their names alone.</param>
    public static Complex? At(MathNode node, int point)
    {
        var value = Evaluate(node, point);
        return value is Complex number && double.IsFinite(number.Real) && double.IsFinite(number.Imaginary) ? number : null;
    }

    private static Complex? Evaluate(MathNode node, int point) => node switch
    {
        NumberNode number => ToDouble(number.Value),
        SymbolNode { Name: Atoms.Infinity or "∅" } => null,
        SymbolNode { Name: Atoms.ImaginaryUnit } => Complex.ImaginaryOne,
        SymbolNode { Name: Atoms.Pi } => Math.PI,
        SymbolNode { Name: Atoms.E } => Math.E,
        SymbolNode symbol => Variable(symbol.Name, point),
        UnitNode { Unit: UnitNode.Percent } percent => At(percent.Value, point) / 100,
        UnitNode { Unit: UnitNode.Degree } angle => At(angle.Value, point) * (Math.PI / 180),
        CallNode { Name: "binom" } => null,
        CallNode call when At(call.Argument, point) is Complex argument => Call(call.Name, argument),
        BinaryNode binary when At(binary.Left, point) is Complex left && At(binary.Right, point) is Complex right => binary.Operator switch
        {
            '+' => left + right,
            '-' => left - right,
            '*' => left * right,
            '/' => right == Complex.Zero ? null : left / right,
            '^' => Power(left, right),
            _ => null,
        },
        _ => null,
    };

    /// <summary>A fraction as the nearest double, whatever its size.</summary>
    public static double ToDouble(Rational value)
    {
        // Both parts may be beyond the range of double while the value is not.
        int shift = (int)Math.Max(0, Math.Max(value.Numerator.GetBitLength(), value.Denominator.GetBitLength()) - 900);
        return (double)(value.Numerator >> shift) / (double)BigInteger.Max(value.Denominator >> shift, shift == 0 ? 1 : 0);
    }

    // Spread over both signs; odd enough that no formula has a special value there.
    private static double Variable(string name, int point)
    {
        uint hash = 2_166_136_261;
        foreach (char letter in name)
            hash = (hash ^ letter) * 16_777_619;
        hash = (hash ^ (uint)point) * 2_654_435_761;
        hash ^= hash >> 15;
        hash *= 2_246_822_519;
        hash ^= hash >> 13;
        double unit = (hash >> 8) * (1.0 / (1 << 24));
        return point % 2 == 0 ? 0.3137 + 2.5 * unit : -2.7183 + 5 * unit;
    }

    private static Complex? Power(Complex value, Complex exponent)
    {
        if (value == Complex.Zero)
            return exponent.Real > 0 ? Complex.Zero : exponent == Complex.Zero ? Complex.One : null;
        if (exponent.Imaginary != 0)
            return Complex.Pow(value, exponent);
        if (value.Imaginary == 0)
        {
            double real = Math.Pow(value.Real, exponent.Real);
            if (!double.IsNaN(real))
                return real;
            // Odd roots of negative numbers are real, as in the normal form. Even ones are left out: √x·√y is √(xy) where both are real,
            // and no answer is meant elsewhere.
            double root = 1 / exponent.Real;
            if (Math.Abs(root - Math.Round(root)) > 1e-9 || Math.Abs(Math.Round(root) % 2) != 1)
                return null;
            return -Math.Pow(-value.Real, exponent.Real);
        }
        return Complex.Pow(value, exponent);
    }

    private static Complex? Call(string name, Complex x) => name switch
    {
        "sin" => Complex.Sin(x),
        "cos" => Complex.Cos(x),
        "tan" => Complex.Tan(x),
        "cot" => 1 / Complex.Tan(x),
        "sec" => 1 / Complex.Cos(x),
        "csc" => 1 / Complex.Sin(x),
        "arcsin" => Complex.Asin(x),
        "arccos" => Complex.Acos(x),
        "arctan" => Complex.Atan(x),
        "sinh" => Complex.Sinh(x),
        "cosh" => Complex.Cosh(x),
        "tanh" => Complex.Tanh(x),
        "ln" => !HasLogarithm(x) ? null : Complex.Log(x),
        "log" => !HasLogarithm(x) ? null : Complex.Log(x) / Math.Log(10),
        "exp" => Complex.Exp(x),
        "abs" => Complex.Abs(x),
        "floor" when x.Imaginary == 0 => Math.Floor(x.Real),
        "ceil" when x.Imaginary == 0 => Math.Ceiling(x.Real),
        _ => null,
    };

    private static bool HasLogarithm(Complex x) => x.Imaginary != 0 || x.Real > 0;
}
