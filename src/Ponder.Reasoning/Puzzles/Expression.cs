using System.Globalization;
using System.Numerics;

namespace Ponder.Reasoning.Puzzles;

/// <summary>
/// An arithmetic expression over whole numbers with <c>+ - * /</c>, negation and parentheses, evaluated exactly.
/// It is written with spaces around its operators and no parentheses that its value does not need.
/// </summary>
public abstract record Expression
{
    private const int Additive = 1, Multiplicative = 2, Unary = 3, Atom = 4;

    private protected Expression() { }

    /// <summary>The numbers in the order they are written.</summary>
    public IReadOnlyList<BigInteger> Numbers
    {
        get
        {
            var numbers = new List<BigInteger>();
            Collect(this, numbers);
            return numbers;
        }
    }

    private int Precedence => this switch
    {
        BinaryExpression { Operator: '+' or '-' } => Additive,
        BinaryExpression => Multiplicative,
        NegationExpression => Unary,
        _ => Atom,
    };

    /// <summary>Reads an expression. <c>×</c>, <c>·</c>, <c>÷</c> and <c>−</c> stand for their plain forms.</summary>
    /// <param name="text">At most 1,000 characters.</param>
    /// <exception cref="PuzzleException">The text is not an expression; the sentence names the position.</exception>
    public static Expression Parse(string text) => ExpressionParser.Parse(text);

    /// <summary>The exact value, or null where it divides by zero.</summary>
    public Rational? Evaluate()
    {
        switch (this)
        {
            case NumberExpression number:
                return number.Value;
            case NegationExpression negation:
                return -negation.Operand.Evaluate();
            case BinaryExpression binary when binary.Left.Evaluate() is { } left && binary.Right.Evaluate() is { } right:
                return binary.Operator switch
                {
                    '+' => left + right,
                    '-' => left - right,
                    '*' => left * right,
                    _ => right == 0 ? null : left / right,
                };
            default:
                return null;
        }
    }

    /// <summary>The expression as people write it: <c>(37 - 13) * 2 + 36</c>.</summary>
    public sealed override string ToString() => this switch
    {
        NumberExpression number => number.Value.ToString(CultureInfo.InvariantCulture),
        NegationExpression negation => "-" + Written(negation.Operand, Unary),
        BinaryExpression binary => $"{Written(binary.Left, Precedence)} {binary.Operator} {Written(binary.Right, RightPrecedence(binary))}",
        _ => "",
    };

    // a - (b + c) and a / (b * c) need their parentheses; a + (b - c) and a * (b / c) have the same exact value without.
    private static int RightPrecedence(BinaryExpression binary) => binary.Precedence + (binary.Operator is '-' or '/' ? 1 : 0);

    private static string Written(Expression part, int atLeast) => part.Precedence < atLeast ? $"({part})" : part.ToString();

    private static void Collect(Expression expression, List<BigInteger> numbers)
    {
        switch (expression)
        {
            case NumberExpression number:
                numbers.Add(number.Value);
                break;
            case NegationExpression negation:
                Collect(negation.Operand, numbers);
                break;
            case BinaryExpression binary:
                Collect(binary.Left, numbers);
                Collect(binary.Right, numbers);
                break;
        }
    }
}

/// <summary>A whole number.</summary>
public sealed record NumberExpression : Expression
{
    /// <summary>Creates the number.</summary>
    /// <param name="value">At least 0: a negative number is a negation.</param>
    public NumberExpression(BigInteger value)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        Value = value;
    }

    /// <summary>The value, at least 0.</summary>
    public BigInteger Value { get; }
}

/// <summary>The negative of an expression.</summary>
/// <param name="Operand">What is negated.</param>
public sealed record NegationExpression(Expression Operand) : Expression;

/// <summary>Two expressions joined by an operator.</summary>
public sealed record BinaryExpression : Expression
{
    /// <summary>Creates the operation.</summary>
    /// <param name="left">The left operand.</param>
    /// <param name="operator">One of <c>+ - * /</c>.</param>
    /// <param name="right">The right operand.</param>
    public BinaryExpression(Expression left, char @operator, Expression right)
    {
        if (@operator is not ('+' or '-' or '*' or '/'))
            throw new ArgumentOutOfRangeException(nameof(@operator), @operator, "The operators are + - * /.");
        (Left, Operator, Right) = (left, @operator, right);
    }

    /// <summary>The left operand.</summary>
    public Expression Left { get; }

    /// <summary>One of <c>+ - * /</c>.</summary>
    public char Operator { get; }

    /// <summary>The right operand.</summary>
    public Expression Right { get; }
}
