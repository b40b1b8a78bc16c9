using System.Text;
using Ponder.Reasoning.Answers.Numbers;
using Ponder.Reasoning.Puzzles;

namespace Ponder.Reasoning.Answers.Algebra;

/// <content>Numbers, symbols, brackets, commands and words.</content>
internal sealed partial class MathParser
{
    private MathNode Primary()
    {
        if (_failed || !Enter())
            return Fail();
        var node = Next.Kind switch
        {
            TokenKind.Digit => Number(),
            TokenKind.Symbol => Symbol(),
            TokenKind.Function => Function(TakeAny().Text),
            TokenKind.Word => Words(),
            TokenKind.Command => Command(TakeAny().Text),
            TokenKind.Mark => Bracketed(),
            _ => Fail(),
        };
        _depth--;
        return node;
    }

    private MathNode Number()
    {
        var whole = new StringBuilder(Digits());
        while (Next.Is(MathLexer.Thousands) || Next.Is(",") && _commasPartThousands && whole.Length is > 0 and <= 3 && whole[0] != '0' && !Next.IsSpaced
            || Next.Is(",") && _commasPartThousands && whole.Length > 3 && !Next.IsSpaced)
        {
            if (!IsGroupOfThree(Next.Is(MathLexer.Thousands)))
                break;
            _at++;
            whole.Append(Digits());
        }
        string fraction = "";
        if (Next.Is(".") && !Next.IsSpaced && Peek(1).Kind == TokenKind.Digit && !Peek(1).IsSpaced)
        {
            _at++;
            fraction = Digits();
        }
        bool isRecurring = fraction.Length > 0 || Next.Is(".") && Peek(1) is { Kind: TokenKind.Command, Text: "overline" } && ++_at > 0;
        if (WrittenNumber.Decimal(whole.ToString(), fraction, Exponent()) is not var (value, places))
            return Fail();
        if (Next is { Kind: TokenKind.Command, Text: "overline" } && isRecurring)
            return Recurring(value, fraction.Length);
        if (places is null && Mixed(value) is MathNode mixed)
            return mixed;
        if (Next.Is("_"))
            return Based(whole.ToString());
        return new NumberNode(value, places);
    }

    private string Digits()
    {
        var digits = new StringBuilder();
        while (Next.Kind == TokenKind.Digit && (digits.Length == 0 || !Next.IsSpaced))
            digits.Append(TakeAny().Text);
        return digits.ToString();
    }

    private bool IsGroupOfThree(bool maySpace)
    {
        for (int i = 1; i <= 3; i++)
        {
            if (Peek(i).Kind != TokenKind.Digit || Peek(i).IsSpaced && !(i == 1 && maySpace))
                return false;
        }
        return Peek(4).Kind != TokenKind.Digit || Peek(4).IsSpaced;
    }

    /// <summary>The exponent of <c>1.5e-3</c>; <c>2e</c> and <c>2e^x</c> have none.</summary>
    private string Exponent()
    {
        if (Next is not { Kind: TokenKind.Symbol, Text: "e" or "E", IsSpaced: false })
            return "";
        int sign = Peek(1).Is("-") || Peek(1).Is("+") ? 1 : 0;
        if (Peek(1 + sign) is not { Kind: TokenKind.Digit, IsSpaced: false })
            return "";
        _at++;
        return (sign == 1 ? TakeAny().Text : "") + Digits();
    }

    /// <summary>0.1\overline{6}: the digits under the line go on for ever.</summary>
    private NumberNode Recurring(Rational value, int places)
    {
        _at++;
        Expect("{");
        string digits = Digits();
        Expect("}");
        if (digits.Length is 0 or > 100 || places > 100)
            return Fail();
        var tail = WrittenNumber.Decimal(digits, "", "")!.Value.Value;
        var scale = System.Numerics.BigInteger.Pow(10, places);
        return new NumberNode(value + tail / ((System.Numerics.BigInteger.Pow(10, digits.Length) - 1) * scale));
    }

    /// <summary>137 \frac{1}{2} and 137 1/2.</summary>
    private NumberNode? Mixed(Rational whole)
    {
        int start = _at;
        if (Next is { Kind: TokenKind.Command, Text: "frac" })
        {
            _at++;
            if (Argument() is NumberNode { Places: null } top && Argument() is NumberNode { Places: null } bottom
                && top.Value.IsInteger && bottom.Value.IsInteger && bottom.Value != default)
                return new NumberNode(whole + top.Value / bottom.Value);
        }
        else if (Next is { Kind: TokenKind.Digit, IsSpaced: true } && WrittenNumber.Decimal(Digits(), "", "") is var (top, _) && Take("/")
            && Next.Kind == TokenKind.Digit && WrittenNumber.Decimal(Digits(), "", "") is var (bottom, _) && bottom != default)
        {
            return new NumberNode(whole + top / bottom);
        }
        _at = start;
        return null;
    }

    private BasedNode Based(string digits)
    {
        _at++;
        return new BasedNode(digits.TrimStart('0'), Subscript());
    }

    /// <summary>The tokens of a subscript, one after another.</summary>
    private string Subscript()
    {
        if (!Take("{"))
            return Next.Kind is TokenKind.Digit or TokenKind.Symbol or TokenKind.Word ? TakeAny().Text : Refuse();
        var text = new StringBuilder();
        while (!Next.Is("}") && Next.Kind != TokenKind.End)
            text.Append(TakeAny().Text);
        Expect("}");
        return text.ToString();
    }

    private string Refuse()
    {
        Fail();
        return "";
    }

    private SymbolNode Symbol()
    {
        string name = TakeAny().Text;
        if (Next.Is("_"))
        {
            _at++;
            name += "_" + Subscript();
        }
        while (Take("'"))
            name += "'";
        return new SymbolNode(name);
    }

    /// <summary>An argument in braces, or the next token alone; with <paramref name="wholeNumber"/> all the digits that stand there: x^12.</summary>
    private MathNode Argument(bool wholeNumber = false)
    {
        if (Take("{"))
        {
            var node = WithoutThousands(Relation);
            Expect("}");
            return node;
        }
        // Plain text has no braces: x^-1.
        if (wholeNumber && Next.Is("-"))
            return Signed();
        if (Next.Kind == TokenKind.Digit)
            return WrittenNumber.Decimal(wholeNumber ? Digits() : TakeAny().Text, "", "") is var (value, _) ? new NumberNode(value) : Fail();
        return Primary();
    }

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

    private TextNode Words()
    {
        var words = new StringBuilder(TakeAny().Text);
        while (Next.Kind == TokenKind.Word)
            words.Append(' ').Append(TakeAny().Text);
        return new TextNode(words.ToString());
    }

    /// <summary>A value with words after it: 864 \mbox{ inches}^2.</summary>
    private MathNode WithUnit(MathNode value)
    {
        var unit = Power();
        return unit is TextNode text && value is not TextNode ? new UnitNode(value, text.Text) : Fail();
    }
}
