using System.Globalization;
using Ponder.Models.Templates.Values;

namespace Ponder.Models.Templates.Syntax;

/// <content>What expressions are made of: names, literals, brackets and the arguments of calls.</content>
internal sealed partial class ExpressionParser
{
    private Expression Primary()
    {
        var token = tokens.Current;
        switch (token.Kind)
        {
            case TokenKind.Name:
                tokens.Take();
                return Named(token);
            case TokenKind.Text:
                return new Literal(token.At, new StringValue(Text()));
            case TokenKind.Integer:
                tokens.Take();
                return new Literal(token.At, IntValue.Of(long.Parse(token.Text, CultureInfo.InvariantCulture)));
            case TokenKind.Float:
                tokens.Take();
                return new Literal(token.At, new FloatValue(double.Parse(token.Text, CultureInfo.InvariantCulture)));
            case TokenKind.Operator when token.Text == "(":
                tokens.Take();
                var inner = Tuple(allowEmpty: true);
                tokens.ExpectOperator(")");
                return inner;
            case TokenKind.Operator when token.Text == "[":
                tokens.Take();
                return new ListLiteral(token.At, Items("]"));
            case TokenKind.Operator when token.Text == "{":
                tokens.Take();
                return Dict(token.At);
            default:
                throw tokens.Unexpected("an expression");
        }
    }

    private Expression Named(Token token)
    {
        if (Macros.TryPeek(out var uses))
            uses.Note(token.Text);
        return token.Text switch
        {
            "true" or "True" => new Literal(token.At, BoolValue.True),
            "false" or "False" => new Literal(token.At, BoolValue.False),
            "none" or "None" => new Literal(token.At, NoneValue.Instance),
            _ => new Name(token.At, token.Text),
        };
    }

    private string Text()
    {
        string first = tokens.Take().Text;
        if (tokens.Current.Kind != TokenKind.Text)
            return first;
        var parts = new List<string> { first };
        while (tokens.Current.Kind == TokenKind.Text)
            parts.Add(tokens.Take().Text);
        return string.Concat(parts);
    }

    private Expression[] Items(string end)
    {
        var items = new List<Expression>();
        while (!tokens.Current.IsOperator(end))
        {
            items.Add(Expression());
            if (!tokens.SkipOperator(","))
                break;
        }
        tokens.ExpectOperator(end);
        return [.. items];
    }

    private DictLiteral Dict(int at)
    {
        var items = new List<(Expression, Expression)>();
        while (!tokens.Current.IsOperator("}"))
        {
            var key = Expression();
            tokens.ExpectOperator(":");
            items.Add((key, Expression()));
            if (!tokens.SkipOperator(","))
                break;
        }
        tokens.ExpectOperator("}");
        return new DictLiteral(at, [.. items]);
    }

    /// <summary>The arguments of a call, with their parentheses.</summary>
    public ArgumentList Arguments()
    {
        tokens.ExpectOperator("(");
        var positional = new List<Expression>();
        var named = new List<(string, Expression)>();
        Expression? rest = null;
        Expression? namedRest = null;
        while (!tokens.Current.IsOperator(")"))
        {
            var token = tokens.Current;
            if (tokens.SkipOperator("*"))
                rest = rest is null && namedRest is null ? Expression() : throw Misplaced(token);
            else if (tokens.SkipOperator("**"))
                namedRest = namedRest is null ? Expression() : throw Misplaced(token);
            else if (token.Kind == TokenKind.Name && tokens.Following.IsOperator("="))
            {
                tokens.Take();
                tokens.Take();
                if (namedRest is not null || named.Exists(n => n.Item1 == token.Text))
                    throw Misplaced(token);
                named.Add((token.Text, Expression()));
                tokens.CheckNames(named.Count);
            }
            else
            {
                if (named.Count > 0 || rest is not null || namedRest is not null)
                    throw Misplaced(token);
                positional.Add(Expression());
            }
            if (!tokens.SkipOperator(","))
                break;
        }
        tokens.ExpectOperator(")");
        return new ArgumentList([.. positional], [.. named], rest, namedRest);
    }

    private static SyntaxFault Misplaced(Token token) => new(token.At, $"the argument at {token.Describe()} is out of order or given twice");
}
