namespace Ponder.Reasoning.Answers.Algebra;

/// <summary>Tells whether two parsed answers mean the same: lists, tuples, intervals, matrices. What is one number is left to <see cref="ScalarComparer"/>.</summary>
internal sealed class MathComparer
{
    private readonly Work _work = new();
    private readonly ScalarComparer _scalars;
    private readonly RelationComparer _relations;

    public MathComparer()
    {
        _scalars = new ScalarComparer(_work);
        _relations = new RelationComparer(this, new NormalForm(_work), _work);
    }

    /// <summary>Whether both mean the same.</summary>
    public bool AreSame(MathNode a, MathNode b)
    {
        if (!_work.Pay(8))
            return false;
        // A list without brackets may be a tuple whose brackets were left out, or the values of several unknowns: then the order counts.
        if (a is CollectionNode { IsList: true } && IsTuple(b) || b is CollectionNode { IsList: true } && IsTuple(a)
            || RelationComparer.IsAssignment(a) && b is CollectionNode { IsList: true } && !RelationComparer.HasRelations(b)
            || RelationComparer.IsAssignment(b) && a is CollectionNode { IsList: true } && !RelationComparer.HasRelations(a))
            return InOrder(((CollectionNode)a).Items, ((CollectionNode)b).Items);
        if (NodeTree.Values(a) is not { } first || NodeTree.Values(b) is not { } second || first.Count != second.Count)
            return false;
        return first.Count == 1 ? IsOne(first[0], second[0]) : InAnyOrder(first, second);
    }

    private static bool IsTuple(MathNode node) => node is CollectionNode { Open: "(", Close: ")" };

    private bool InOrder(IReadOnlyList<MathNode> first, IReadOnlyList<MathNode> second) =>
        first.Count == second.Count && first.Zip(second).All(pair => AreSame(pair.First, pair.Second));

    private bool InAnyOrder(IReadOnlyList<MathNode> first, IReadOnlyList<MathNode> second)
    {
        var left = second.ToList();
        foreach (var item in first)
        {
            int at = left.FindIndex(other => IsOne(item, other));
            if (at < 0)
                return false;
            left.RemoveAt(at);
        }
        return true;
    }

    private bool IsOne(MathNode a, MathNode b)
    {
        if (!_work.Pay(8))
            return false;
        if (a is RelationNode || b is RelationNode)
            return _relations.AreSame(a, b);
        if (a is TextNode || b is TextNode)
            return Text(a) is string text && Text(b) is string other && NormalText.AreSame(text, other);
        if (a is BasedNode || b is BasedNode)
            return AreSameDigits(a, b);
        if (Matrix(a) is { } matrix)
            return Matrix(b) is { } second ? AreSame(matrix, second) : b is CollectionNode tuple && IsVector(matrix, tuple);
        if (Matrix(b) is { } right)
            return a is CollectionNode tuple && IsVector(right, tuple);
        if (a is CollectionNode first && b is CollectionNode last)
            return first.Open == last.Open && first.Close == last.Close && InOrder(first.Items, last.Items);
        return a is not CollectionNode && b is not CollectionNode && _scalars.AreSame(a, b);
    }

    private static string? Text(MathNode node) => node switch
    {
        TextNode text => text.Text,
        SymbolNode symbol => symbol.Name,
        _ => null,
    };

    /// <summary>In the same base, or in one that only one of them names: the digits are what was asked for.</summary>
    private static bool AreSameDigits(MathNode a, MathNode b)
    {
        var (first, second) = (Digits(a), Digits(b));
        return first is not null && second is not null && first.Value.Digits == second.Value.Digits
            && (first.Value.Radix is null || second.Value.Radix is null || first.Value.Radix == second.Value.Radix);
    }

    private static (string Digits, string? Radix)? Digits(MathNode node) => node switch
    {
        BasedNode based => (based.Digits, based.Radix),
        NumberNode { Places: null } number when number.Value.IsInteger => (number.Value.ToString(), null),
        _ => null,
    };

    /// <summary>The matrix that a node is, with the number before it multiplied in; null for another node.</summary>
    private static MatrixNode? Matrix(MathNode node) => node switch
    {
        MatrixNode matrix => matrix,
        BinaryNode { Operator: '*' or '/' } product when product.Left is MatrixNode matrix => Scaled(matrix, product.Right, product.Operator),
        BinaryNode { Operator: '*' } product when product.Right is MatrixNode matrix => Scaled(matrix, product.Left, '*'),
        BinaryNode { Operator: '-', Left: NumberNode zero } negative when zero.Value == default && Matrix(negative.Right) is { } matrix =>
            Scaled(matrix, new NumberNode(-1), '*'),
        _ => null,
    };

    private static MatrixNode Scaled(MatrixNode matrix, MathNode factor, char @operator) =>
        new([.. matrix.Rows.Select(row => row.Select(cell => new BinaryNode(@operator, cell, factor)).ToArray())]);

    private bool AreSame(MatrixNode a, MatrixNode b) =>
        a.Rows.Count == b.Rows.Count && a.Rows.Zip(b.Rows).All(pair => InOrder(pair.First, pair.Second));

    /// <summary>A row or a column of a matrix is the vector that others write as a tuple.</summary>
    private bool IsVector(MatrixNode matrix, CollectionNode tuple)
    {
        if (!IsTuple(tuple))
            return false;
        if (matrix.Rows.Count == 1)
            return InOrder(matrix.Rows[0], tuple.Items);
        return matrix.Rows[0].Count == 1 && InOrder([.. matrix.Rows.Select(row => row[0])], tuple.Items);
    }
}
