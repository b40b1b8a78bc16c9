using System.Globalization;
using Ponder.Models.Templates.Values;

namespace Ponder.Models.Templates.Syntax;

/// <summary>
/// Parses expressions by recursive descent, one method for each level of binding, loosest first. Keywords are names by their place only:
/// <c>{% if if in in %}</c> is a template.
/// </summary>
internal sealed partial class ExpressionParser(TokenStream tokens)
{
    /// <summary>What the bodies of the macros around this place read; the innermost is on top.</summary>
    public Stack<MacroUses> Macros { get; } = new();

    /// <summary>An expression, with <c>a if b else c</c>.</summary>
    public Expression Expression(bool allowConditional = true)
    {
        tokens.Enter();
        var value = allowConditional ? Conditional() : Or();
        tokens.Leave();
        return value;
    }

    /// <summary>An expression, or several with commas between them, which make a tuple.</summary>
    /// <param name="allowConditional">Allows <c>a if b else c</c>.</param>
    /// <param name="allowEmpty">Allows nothing at all, an empty tuple: within parentheses.</param>
    /// <param name="end">A name that ends the tuple.</param>
    public Expression Tuple(bool allowConditional = true, bool allowEmpty = false, string? end = null)
    {
        int at = tokens.Current.At;
        if (allowEmpty && tokens.Current.IsOperator(")"))
            return new TupleLiteral(at, []);
        var first = Expression(allowConditional);
        if (!tokens.Current.IsOperator(","))
            return first;
        var items = new List<Expression> { first };
        while (tokens.SkipOperator(",") && !IsTupleEnd(end))
            items.Add(Expression(allowConditional));
        return new TupleLiteral(at, [.. items]);
    }

    private bool IsTupleEnd(string? end) =>
        tokens.Current.Kind is TokenKind.CloseOutput or TokenKind.CloseTag
        || tokens.Current.IsOperator(")")
        || (end is not null && tokens.Current.IsName(end));

    private Expression Conditional()
    {
        var value = Or();
        for (int length = 1; tokens.Current.IsName("if"); length++)
        {
            tokens.CheckChain(length);
            int at = tokens.Take().At;
            var condition = Or();
            var otherwise = tokens.SkipName("else") ? Expression() : null;
            value = new Conditional(at, condition, value, otherwise);
        }
        return value;
    }

    private Expression Or()
    {
        var left = And();
        for (int length = 1; tokens.Current.IsName("or"); length++)
        {
            tokens.CheckChain(length);
            left = new Logical(tokens.Take().At, IsAnd: false, left, And());
        }
        return left;
    }

    private Expression And()
    {
        var left = Not();
        for (int length = 1; tokens.Current.IsName("and"); length++)
        {
            tokens.CheckChain(length);
            left = new Logical(tokens.Take().At, IsAnd: true, left, Not());
        }
        return left;
    }

    private Expression Not()
    {
        if (!tokens.Current.IsName("not"))
            return Comparison();
        tokens.Enter();
        var not = new Not(tokens.Take().At, Not());
        tokens.Leave();
        return not;
    }

    private Expression Comparison()
    {
        var first = Sum();
        int at = tokens.Current.At;
        List<(string, Expression)>? rest = null;
        while (ComparisonOperator() is { } name)
            (rest ??= []).Add((name, Sum()));
        return rest is null ? first : new Comparison(at, first, [.. rest]);
    }

    private string? ComparisonOperator()
    {
        if (tokens.Current is { Kind: TokenKind.Operator, Text: "==" or "!=" or "<" or "<=" or ">" or ">=" })
            return tokens.Take().Text;
        if (tokens.SkipName("in"))
            return "in";
        if (!tokens.Current.IsName("not") || !tokens.Following.IsName("in"))
            return null;
        tokens.Take();
        tokens.Take();
        return "not in";
    }

    private Expression Sum()
    {
        var left = Concat();
        for (int length = 1; tokens.Current is { Kind: TokenKind.Operator, Text: "+" or "-" }; length++)
        {
            tokens.CheckChain(length);
            var sign = tokens.Take();
            left = new Binary(sign.At, sign.Text, left, Concat());
        }
        return left;
    }

    private Expression Concat()
    {
        var first = Product();
        if (!tokens.Current.IsOperator("~"))
            return first;
        int at = tokens.Current.At;
        var parts = new List<Expression> { first };
        while (tokens.SkipOperator("~"))
            parts.Add(Product());
        return new Concat(at, [.. parts]);
    }

    private Expression Product()
    {
        var left = Power();
        for (int length = 1; tokens.Current is { Kind: TokenKind.Operator, Text: "*" or "/" or "//" or "%" }; length++)
        {
            tokens.CheckChain(length);
            var sign = tokens.Take();
            left = new Binary(sign.At, sign.Text, left, Power());
        }
        return left;
    }

    // Unlike Python's, Jinja's power binds less than a sign and to the left.
    private Expression Power()
    {
        var left = Unary();
        for (int length = 1; tokens.Current.IsOperator("**"); length++)
        {
            tokens.CheckChain(length);
            left = new Binary(tokens.Take().At, "**", left, Unary());
        }
        return left;
    }

    private Expression Unary(bool withFilters = true)
    {
        Expression value;
        if (tokens.Current is { Kind: TokenKind.Operator, Text: "-" or "+" } sign)
        {
            tokens.Enter();
            tokens.Take();
            value = new Sign(sign.At, sign.Text == "-", Unary(withFilters: false));
            tokens.Leave();
        }
        else
            value = Primary();
        value = Postfix(value);
        return withFilters ? FiltersAndTests(value) : value;
    }

    private Expression Postfix(Expression value)
    {
        for (int length = 1; tokens.Current is { Kind: TokenKind.Operator, Text: "." or "[" or "(" } token; length++)
        {
            tokens.CheckChain(length);
            value = token.Text switch
            {
                "." => Attribute(value),
                "[" => Subscript(value),
                _ => new CallExpression(token.At, value, Arguments()),
            };
        }
        return value;
    }

    private Expression Attribute(Expression subject)
    {
        tokens.Take();
        var token = tokens.Take();
        return token.Kind switch
        {
            TokenKind.Name => new Member(token.At, subject, token.Text),
            TokenKind.Integer =>
                new Item(token.At, subject, new Literal(token.At, IntValue.Of(long.Parse(token.Text, CultureInfo.InvariantCulture)))),
            _ => throw new SyntaxFault(token.At, $"{token.Describe()} stands where the name of an attribute is expected"),
        };
    }

    private Expression Subscript(Expression subject)
    {
        int at = tokens.Take().At;
        var start = tokens.Current.IsOperator(":") ? null : Expression();
        if (tokens.SkipOperator("]"))
            return new Item(at, subject, start!);
        if (tokens.Current.IsOperator(","))
            throw new SyntaxFault(tokens.Current.At, "an index of several parts is not supported");
        tokens.ExpectOperator(":");
        var stop = tokens.Current.IsOperator(":") || tokens.Current.IsOperator("]") ? null : Expression();
        var step = tokens.SkipOperator(":") && !tokens.Current.IsOperator("]") ? Expression() : null;
        tokens.ExpectOperator("]");
        return new Slice(at, subject, start, stop, step);
    }

    private Expression FiltersAndTests(Expression value)
    {
        for (int length = 1; ; length++)
        {
            tokens.CheckChain(length);
            if (tokens.Current.IsOperator("|"))
                value = Filter(value);
            else if (tokens.Current.IsName("is"))
                value = Test(value);
            else if (tokens.Current.IsOperator("("))
                value = new CallExpression(tokens.Current.At, value, Arguments());
            else
                return value;
        }
    }

    /// <summary><c>| name(arguments)</c></summary>
    public FilterExpression Filter(Expression? subject)
    {
        tokens.ExpectOperator("|");
        return FilterName(subject);
    }

    /// <summary><c>name(arguments)</c></summary>
    public FilterExpression FilterName(Expression? subject)
    {
        var name = tokens.Expect(TokenKind.Name, "the name of a filter");
        return new FilterExpression(name.At, subject, name.Text, tokens.Current.IsOperator("(") ? Arguments() : ArgumentList.None);
    }

    private Expression Test(Expression subject)
    {
        int at = tokens.Take().At;
        bool negated = tokens.SkipName("not");
        var name = tokens.Expect(TokenKind.Name, "the name of a test");
        var arguments = ArgumentList.None;
        if (tokens.Current.IsOperator("("))
            arguments = Arguments();
        else if (StartsTestArgument())
        {
            tokens.Enter();
            arguments = new ArgumentList([Postfix(Primary())], [], null, null);
            tokens.Leave();
        }
        var test = new TestExpression(name.At, subject, name.Text, arguments);
        return negated ? new Not(at, test) : test;
    }

    // "x is divisibleby 3": an argument may stand without parentheses.
    private bool StartsTestArgument()
    {
        var token = tokens.Current;
        if (token.IsName("is"))
            throw new SyntaxFault(token.At, "tests cannot be chained with 'is'");
        return token.Kind is TokenKind.Text or TokenKind.Integer or TokenKind.Float
            || token.IsOperator("[") || token.IsOperator("{")
            || (token.Kind == TokenKind.Name && token.Text is not ("else" or "or" or "and"));
    }
}
