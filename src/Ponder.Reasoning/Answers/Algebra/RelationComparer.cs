using Ponder.Reasoning.Puzzles;

namespace Ponder.Reasoning.Answers.Algebra;

/// <summary>Compares equations, inequalities and memberships, with each other and with plain values: x = 5 and 5, x &lt; 2 and (-∞, 2).</summary>
internal sealed class RelationComparer(MathComparer values, NormalForm forms, Work work)
{
    /// <summary>Whether both say the same; at least one is a relation.</summary>
    public bool AreSame(MathNode a, MathNode b)
    {
        if (a is RelationNode first && b is RelationNode second)
            return AreSameRelations(first, second);
        return a is RelationNode relation ? Means(relation, b) : Means((RelationNode)b, a);
    }

    /// <summary>Whether a list gives values to several unknowns: x = 1, y = 2.</summary>
    public static bool IsAssignment(MathNode node) =>
        node is CollectionNode { IsList: true } list
        && list.Items.All(item => item is RelationNode { Relations: ["="], Sides: [SymbolNode, _] })
        && list.Items.Select(item => ((SymbolNode)((RelationNode)item).Sides[0]).Name).Distinct().Count() == list.Items.Count;

    /// <summary>Whether a relation is among the items of a list.</summary>
    public static bool HasRelations(MathNode node) => node is CollectionNode list && list.Items.Any(item => item is RelationNode);

    private bool Means(RelationNode relation, MathNode value)
    {
        if (Interval(relation) is CollectionNode interval)
            return values.AreSame(interval, value);
        if (relation.Relations[^1] == "∈")
            return values.AreSame(relation.Sides[^1], value);
        if (!relation.Relations.All(IsEquality))
            return false;
        var (left, right) = (relation.Sides[0], relation.Sides[^1]);
        if (IsName(left) || !NodeTree.HasVariables(left) && !IsName(right))
            return values.AreSame(right, value);
        return IsName(right) && values.AreSame(left, value);
    }

    private bool AreSameRelations(RelationNode a, RelationNode b)
    {
        if (Interval(a) is CollectionNode first && Interval(b) is CollectionNode second)
            return Variable(a) == Variable(b) && values.AreSame(first, second);
        if (a.Relations.All(IsEquality) && b.Relations.All(IsEquality))
        {
            if (IsName(a.Sides[0]) && IsName(b.Sides[0]) && values.AreSame(a.Sides[0], b.Sides[0]))
                return values.AreSame(a.Sides[^1], b.Sides[^1]);
            return Difference(a.Sides[0], a.Sides[^1]) is Quotient left && Difference(b.Sides[0], b.Sides[^1]) is Quotient right
                && (Factor(left, right) is not null || Polynomial.Ratio(left.Top, right.Top, work) is not null) && !work.IsExhausted;
        }
        if (a.Relations.Count != 1 || b.Relations.Count != 1)
            return a.Relations.SequenceEqual(b.Relations) && a.Sides.Zip(b.Sides).All(pair => values.AreSame(pair.First, pair.Second));
        var (relationOfA, differenceOfA) = Upward(a);
        var (relationOfB, differenceOfB) = Upward(b);
        if (relationOfA != relationOfB)
            return false;
        if (relationOfA == "∈")
            return values.AreSame(a.Sides[0], b.Sides[0]) && values.AreSame(a.Sides[1], b.Sides[1]);
        return differenceOfA is not null && differenceOfB is not null && Factor(differenceOfA, differenceOfB) is Rational factor
            && (relationOfA == "≠" || factor.Numerator.Sign > 0) && !work.IsExhausted;
    }

    private static bool IsEquality(string relation) => relation is "=" or "≈";

    /// <summary>A relation as its smaller side first, and what the sides differ by.</summary>
    private (string Relation, Quotient? Difference) Upward(RelationNode node) => node.Relations[0] switch
    {
        ">" => ("<", Difference(node.Sides[1], node.Sides[0])),
        "≥" => ("≤", Difference(node.Sides[1], node.Sides[0])),
        var other => (other, Difference(node.Sides[0], node.Sides[1])),
    };

    private Quotient? Difference(MathNode left, MathNode right) =>
        forms.Of(left) is Quotient a && forms.Of(right) is Quotient b ? Quotient.Add(a, b, -1, work) : null;

    /// <summary>The number by which one quotient is the other's multiple; null for none.</summary>
    private Rational? Factor(Quotient a, Quotient b) =>
        Polynomial.Ratio(Polynomial.Multiply(a.Top, b.Bottom, work), Polynomial.Multiply(b.Top, a.Bottom, work), work);

    /// <summary>What stands for the value asked for: x, f(x), AB, "Area"; not 2x, whose value is another.</summary>
    private static bool IsName(MathNode node) => node switch
    {
        SymbolNode symbol => Atoms.IsVariable(symbol.Name),
        TextNode => true,
        CallNode call => IsName(call.Argument),
        BinaryNode { Operator: '*' } product => IsName(product.Left) && (IsName(product.Right) || product.Right is NumberNode or CollectionNode or TextNode),
        _ => false,
    };

    private static string? Variable(RelationNode relation) =>
        relation.Sides.OfType<SymbolNode>().FirstOrDefault(side => Atoms.IsVariable(side.Name))?.Name;

    /// <summary>The interval of an inequality with one unknown alone on its side: x &lt; 2, 1 ≤ x &lt; 2; null for others.</summary>
    private static CollectionNode? Interval(RelationNode relation)
    {
        var sides = relation.Sides;
        var relations = relation.Relations;
        bool isUpward = relations.All(sign => sign is "<" or "≤");
        if (!isUpward && !relations.All(sign => sign is ">" or "≥"))
            return null;
        if (!isUpward)
            (sides, relations) = ([.. sides.Reverse()], [.. relations.Reverse()]);
        var infinity = new SymbolNode(Atoms.Infinity);
        (MathNode Low, MathNode High, bool IncludesLow, bool IncludesHigh)? bounds = sides switch
        {
            [SymbolNode x, var high] when IsName(x) && !NodeTree.HasVariables(high) =>
                (new BinaryNode('-', new NumberNode(0), infinity), high, false, IsInclusive(relations[0])),
            [var low, SymbolNode x] when IsName(x) && !NodeTree.HasVariables(low) => (low, infinity, IsInclusive(relations[0]), false),
            [var low, SymbolNode x, var high] when IsName(x) => (low, high, IsInclusive(relations[0]), IsInclusive(relations[1])),
            _ => null,
        };
        return bounds is var (from, to, includesFrom, includesTo)
            ? new CollectionNode(includesFrom ? "[" : "(", includesTo ? "]" : ")", [from, to]) : null;
    }

    private static bool IsInclusive(string relation) => relation is "≤" or "≥";
}
