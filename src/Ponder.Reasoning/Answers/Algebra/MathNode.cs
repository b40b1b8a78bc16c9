using Ponder.Reasoning.Puzzles;

namespace Ponder.Reasoning.Answers.Algebra;

/// <summary>A formula, or a part of one. Compared by reference: that two say the same is for the comparer to tell.</summary>
internal abstract class MathNode;

/// <summary>A number; <paramref name="places"/> are its decimal places, null when it is exact.</summary>
internal sealed class NumberNode(Rational value, int? places = null) : MathNode
{
    public Rational Value { get; } = value;

    public int? Places { get; } = places;
}

/// <summary>A variable or a constant.</summary>
internal sealed class SymbolNode(string name) : MathNode
{
    public string Name { get; } = name;
}

/// <summary>Running text.</summary>
internal sealed class TextNode(string text) : MathNode
{
    public string Text { get; } = text;
}

/// <summary>Digits in another base: <c>1011_2</c>.</summary>
internal sealed class BasedNode(string digits, string radix) : MathNode
{
    public string Digits { get; } = digits;

    public string Radix { get; } = radix;
}

/// <summary>Two operands with one of + - * / ^ ± ∓ between them.</summary>
internal sealed class BinaryNode(char @operator, MathNode left, MathNode right) : MathNode
{
    public char Operator { get; } = @operator;

    public MathNode Left { get; } = left;

    public MathNode Right { get; } = right;
}

/// <summary>A function of one argument.</summary>
internal sealed class CallNode(string name, MathNode argument) : MathNode
{
    public string Name { get; } = name;

    public MathNode Argument { get; } = argument;
}

/// <summary>A value with a unit after it: words, <c>%</c> or <c>°</c>.</summary>
internal sealed class UnitNode(MathNode value, string unit) : MathNode
{
    public const string Percent = "%";
    public const string Degree = "°";

    public MathNode Value { get; } = value;

    public string Unit { get; } = unit;
}

/// <summary>Several values: a tuple or interval by its brackets, a set (<c>{</c>), a union (<c>∪</c>), or a bare list (no brackets).</summary>
internal sealed class CollectionNode(string open, string close, IReadOnlyList<MathNode> items) : MathNode
{
    public string Open { get; } = open;

    public string Close { get; } = close;

    public IReadOnlyList<MathNode> Items { get; } = items;

    public bool IsOrdered => Open is "(" or "[";

    public bool IsList => Open.Length == 0;
}

/// <summary>A matrix, row by row; all rows are equally long.</summary>
internal sealed class MatrixNode(IReadOnlyList<IReadOnlyList<MathNode>> rows) : MathNode
{
    public IReadOnlyList<IReadOnlyList<MathNode>> Rows { get; } = rows;
}

/// <summary>Sides with relations between them: one fewer than the sides.</summary>
internal sealed class RelationNode(IReadOnlyList<MathNode> sides, IReadOnlyList<string> relations) : MathNode
{
    public IReadOnlyList<MathNode> Sides { get; } = sides;

    public IReadOnlyList<string> Relations { get; } = relations;
}
