using System.Numerics;
using System.Text;
using Ponder.Reasoning.Answers.Numbers;
using Ponder.Reasoning.Puzzles;

namespace Ponder.Reasoning.Answers.Algebra;

/// <content>Numbers, symbols and words.</content>
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
        var scale = BigInteger.Pow(10, places);
        return new NumberNode(value + tail / ((BigInteger.Pow(10, digits.Length) - 1) * scale));
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
