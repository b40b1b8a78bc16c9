namespace Ponder.Reasoning.Answers.Algebra;

/// <summary>Walks over formulas.</summary>
internal static class NodeTree
{
    private const int MaxItems = 64;

    /// <summary>The node and all its parts.</summary>
    public static IEnumerable<MathNode> Parts(MathNode root)
    {
        var left = new Stack<MathNode>();
        left.Push(root);
        while (left.TryPop(out var node))
        {
            yield return node;
            foreach (var child in Children(node))
                left.Push(child);
        }
    }

    /// <summary>Whether a variable stands in it.</summary>
    public static bool HasVariables(MathNode root) => Parts(root).Any(node => node is SymbolNode symbol && Atoms.IsVariable(symbol.Name));

    /// <summary>
    /// The values that an answer lists: the items of a set, a list or a union, and both values of a ±. One value is a list of itself.
    /// Null when there are too many.
    /// </summary>
    public static IReadOnlyList<MathNode>? Values(MathNode node)
    {
        var values = new List<MathNode>();
        return Collect(node, values) ? values : null;
    }

    private static bool Collect(MathNode node, List<MathNode> values)
    {
        if (node is CollectionNode { IsOrdered: false } collection)
            return collection.Items.All(item => Collect(item, values));
        if (Parts(node).Any(IsPlusMinus))
        {
            values.Add(Signed(node, true));
            values.Add(Signed(node, false));
        }
        else
        {
            values.Add(node);
        }
        return values.Count <= MaxItems;
    }

    private static bool IsPlusMinus(MathNode node) => node is BinaryNode { Operator: '±' or '∓' };

    /// <summary>The formula with the upper or the lower sign of each ± and ∓.</summary>
    private static MathNode Signed(MathNode node, bool upper) => node switch
    {
        BinaryNode binary => new BinaryNode(
            binary.Operator switch { '±' => upper ? '+' : '-', '∓' => upper ? '-' : '+', var other => other },
            Signed(binary.Left, upper), Signed(binary.Right, upper)),
        CallNode call => new CallNode(call.Name, Signed(call.Argument, upper)),
        UnitNode unit => new UnitNode(Signed(unit.Value, upper), unit.Unit),
        CollectionNode items => new CollectionNode(items.Open, items.Close, [.. items.Items.Select(item => Signed(item, upper))]),
        MatrixNode matrix => new MatrixNode([.. matrix.Rows.Select(row => row.Select(cell => Signed(cell, upper)).ToArray())]),
        RelationNode relation => new RelationNode([.. relation.Sides.Select(side => Signed(side, upper))], relation.Relations),
        _ => node,
    };

    private static IEnumerable<MathNode> Children(MathNode node) => node switch
    {
        BinaryNode binary => [binary.Left, binary.Right],
        CallNode call => [call.Argument],
        UnitNode unit => [unit.Value],
        CollectionNode collection => collection.Items,
        MatrixNode matrix => matrix.Rows.SelectMany(row => row),
        RelationNode relation => relation.Sides,
        _ => [],
    };
}
