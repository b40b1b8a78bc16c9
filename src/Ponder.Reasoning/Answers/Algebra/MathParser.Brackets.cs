using System.Text;

namespace Ponder.Reasoning.Answers.Algebra;

/// <content>Functions, commands, matrices and brackets.</content>
internal sealed partial class MathParser
{
    private MathNode Function(string name)
    {
        MathNode? power = null, radix = null;
        while (Next.Is("^") || Next.Is("_"))
        {
            bool isPower = TakeAny().Text == "^";
            var argument = Argument(wholeNumber: isPower);
            (power, radix) = isPower ? (argument, radix) : (power, argument);
        }
        MathNode value;
        if (Next.Is("(") || Next.Is("{") || Next.Is("|"))
        {
            value = Postfix(Primary());
        }
        else
        {
            // "\sin 2x" takes the whole product beside it, up to another function.
            value = Signed();
            while (!_failed && BeginsFactor() && Next.Kind != TokenKind.Function && !Next.Is("("))
                value = new BinaryNode('*', value, Power());
        }
        if (power is NumberNode { Value.Numerator.Sign: < 0 } inverse && inverse.Value == -1 && name is "sin" or "cos" or "tan")
            return new CallNode("arc" + name, value);
        MathNode call = radix is null
            ? new CallNode(name, value)
            : new BinaryNode('/', new CallNode("ln", value), new CallNode("ln", radix));
        return power is null ? call : new BinaryNode('^', call, power);
    }

    private MathNode Command(string name)
    {
        switch (name)
        {
            case "frac":
                return new BinaryNode('/', Argument(), Argument());
            case "binom":
                return new CallNode("binom", new BinaryNode(',', Argument(), Argument()));
            case "sqrt":
                MathNode degree = new NumberNode(2);
                if (Take("["))
                {
                    degree = Sum();
                    Expect("]");
                }
                // "\sqrt51" is the root of 5 beside 1 to LaTeX, and of 51 to whoever wrote it.
                return new BinaryNode('^', Argument(wholeNumber: true), new BinaryNode('/', new NumberNode(1), degree));
            case "lfloor" or "lceil":
                var inner = Sum();
                if (Next is not { Kind: TokenKind.Command, Text: "rfloor" or "rceil" })
                    return Fail();
                _at++;
                return new CallNode(name[1..], inner);
            case "begin":
                return Matrix();
            default:
                return Fail();
        }
    }

    private MathNode Matrix()
    {
        string name = EnvironmentName();
        if (!name.Contains("matrix", StringComparison.Ordinal) && !name.Contains("array", StringComparison.Ordinal))
            return Fail();
        if (name.Contains("array", StringComparison.Ordinal) && Next.Is("{"))
            EnvironmentName();
        var rows = new List<IReadOnlyList<MathNode>>();
        while (!_failed && Next is not { Kind: TokenKind.Command, Text: "end" })
        {
            var row = new List<MathNode> { WithoutThousands(Relation) };
            while (Take("&"))
                row.Add(WithoutThousands(Relation));
            rows.Add(row);
            if (!Take("\\\\"))
                break;
        }
        if (Next is not { Kind: TokenKind.Command, Text: "end" } || rows.Exists(row => row.Count != rows[0].Count))
            return Fail();
        _at++;
        return EnvironmentName() == name && rows.Count > 0 ? new MatrixNode(rows) : Fail();
    }

    private string EnvironmentName()
    {
        var name = new StringBuilder();
        Expect("{");
        while (!Next.Is("}") && Next.Kind != TokenKind.End)
            name.Append(TakeAny().Text);
        Expect("}");
        return name.ToString();
    }

    private MathNode Bracketed()
    {
        string open = TakeAny().Text;
        switch (open)
        {
            case "." when Next.Kind == TokenKind.Digit && !Next.IsSpaced:
                _at--;
                return Number();
            case "{":
                var group = WithoutThousands(Answer);
                Expect("}");
                return group;
            case "|":
                _bars++;
                var inside = Sum();
                _bars--;
                Expect("|");
                return new CallNode("abs", inside);
            case "set{":
                var items = Next.Is("}set") ? [] : WithoutThousands(Items);
                Expect("}set");
                return items.Count == 0 ? new SymbolNode("∅") : new CollectionNode("{", "}", items);
            case "(" or "[":
                var parts = WithoutThousands(Items);
                string close = TakeAny().Text;
                if (close is not (")" or "]"))
                    return Fail();
                return parts.Count == 1 ? parts[0] : new CollectionNode(open, close, parts);
            default:
                return Fail();
        }
    }

    private T WithoutThousands<T>(Func<T> parse)
    {
        (bool commas, int bars) = (_commasPartThousands, _bars);
        (_commasPartThousands, _bars) = (false, 0);
        if (!Enter())
            Fail();
        var node = parse();
        _depth--;
        (_commasPartThousands, _bars) = (commas, bars);
        return node;
    }
}
