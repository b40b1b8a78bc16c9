using System.Numerics;
using Ponder.Reasoning.Answers.Numbers;
using Ponder.Reasoning.Puzzles;

namespace Ponder.Reasoning.Answers.Algebra;

/// <summary>
/// Tells whether two number-valued formulas are equal: written decimals by <see cref="DecimalRule"/>, all else by their normal forms, and
/// where those hold parts that algebra does not open (sines, nested roots, unknown exponents), by their values at fixed points.
/// </summary>
internal sealed class ScalarComparer(Work work)
{
    // Two different answers within this are not known; rounding in a dozen operations stays far below.
    private const double Tolerance = 1e-9;

    // Where both are defined at fewer points than this, they may be equal by chance.
    private const int MinPoints = 3;

    private readonly NormalForm _forms = new(work);

    /// <summary>Whether both are the same number, whatever the variables are. A unit that only one has does not count.</summary>
    public bool AreSame(MathNode a, MathNode b)
    {
        var (first, firstUnit) = Split(a);
        var (second, secondUnit) = Split(b);
        if ((firstUnit == UnitNode.Percent) != (secondUnit == UnitNode.Percent))
        {
            // 50 % is the number 50 with a sign after it, and the fraction 0.5.
            if (firstUnit is not null && secondUnit is not null)
                return false;
            return AreEqual(first, second) || (firstUnit is not null ? AreEqual(Hundredth(first), second) : AreEqual(first, Hundredth(second)));
        }
        return Units.MayAgree(firstUnit, secondUnit) && AreEqual(first, second);
    }

    private static (MathNode Value, string? Unit) Split(MathNode node) => node is UnitNode unit ? (unit.Value, unit.Unit) : (node, null);

    private static MathNode Hundredth(MathNode node) => node is NumberNode number
        ? new NumberNode(number.Value / 100, number.Places + 2)
        : new BinaryNode('/', node, new NumberNode(100));

    private bool AreEqual(MathNode a, MathNode b)
    {
        if (a is NumberNode first && b is NumberNode second)
            return DecimalRule.Agree(first.Value, first.Places, second.Value, second.Places);
        if (_forms.Of(a) is not Quotient left || _forms.Of(b) is not Quotient right)
            return false;
        if (Quotient.AreSame(left, right, work))
            return true;
        if (work.IsExhausted)
            return false;
        if (a is NumberNode { Places: int placesOfA } decimalA)
            return StandsFor(decimalA, placesOfA, b, right);
        if (b is NumberNode { Places: int placesOfB } decimalB)
            return StandsFor(decimalB, placesOfB, a, left);
        return left.Atoms.Concat(right.Atoms).Any(Atoms.IsOpaque) && AreEqualAtPoints(a, b);
    }

    private static bool StandsFor(NumberNode written, int places, MathNode other, Quotient form)
    {
        if (form.AsConstant is Rational exact)
            return DecimalRule.Agree(written.Value, places, exact, null);
        return !NodeTree.HasVariables(other) && NumericValue.At(other, 0) is { Imaginary: 0 } value
            && DecimalRule.Agree(value.Real, NumericValue.ToDouble(written.Value), places);
    }

    private bool AreEqualAtPoints(MathNode a, MathNode b)
    {
        if (!work.Pay(NumericValue.Points * (NodeTree.Parts(a).Count() + NodeTree.Parts(b).Count())))
            return false;
        if (!NodeTree.HasVariables(a) && !NodeTree.HasVariables(b))
            return NumericValue.At(a, 0) is Complex left && NumericValue.At(b, 0) is Complex right && AreClose(left, right);
        int defined = 0;
        for (int point = 0; point < NumericValue.Points; point++)
        {
            var (first, second) = (NumericValue.At(a, point), NumericValue.At(b, point));
            if (first is null || second is null)
                continue;
            if (!AreClose(first.Value, second.Value))
                return false;
            defined++;
        }
        return defined >= MinPoints;
    }

    private static bool AreClose(Complex a, Complex b) =>
        Complex.Abs(a - b) <= Tolerance * Math.Max(Complex.Abs(a), Complex.Abs(b)) + 1e-12;
}
