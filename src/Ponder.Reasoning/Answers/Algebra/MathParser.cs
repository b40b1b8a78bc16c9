namespace Ponder.Reasoning.Answers.Algebra;

/// <summary>
/// Recursive descent over a whole answer:
/// answer = relation { , relation }, relation = union { (= | &lt; | ∈ …) union }, union = sum { ∪ sum }, sum = product { (+|-|±) product },
/// product = power { [*|/] power }, power = signed primary [ ^ power ]. The primaries are in the other half of this class.
/// </summary>
internal sealed partial class MathParser
{
    // Bounds the recursion: no answer nests deeper.
    private const int MaxDepth = 40;

    private readonly IReadOnlyList<MathToken> _tokens;
    private bool _commasPartThousands;
    private int _at;
    private int _depth;
    private int _bars;
    private bool _failed;

    private MathParser(IReadOnlyList<MathToken> tokens, bool commasPartThousands) => (_tokens, _commasPartThousands) = (tokens, commasPartThousands);

    /// <summary>Parses an answer.</summary>
    /// <param name="tokens">The whole answer.</param>
    /// <param name="commasPartThousands">Whether <c>1,234</c> is one number; within brackets it never is.</param>
    /// <returns>Null for what is no formula.</returns>
    public static MathNode? Parse(IReadOnlyList<MathToken> tokens, bool commasPartThousands)
    {
        var parser = new MathParser(tokens, commasPartThousands);
        var node = parser.Answer();
        return parser._failed || parser.Next.Kind != TokenKind.End ? null : node;
    }

    private MathToken Next => _at < _tokens.Count && !_failed ? _tokens[_at] : new MathToken(TokenKind.End, "", false);

    private MathNode Answer()
    {
        var items = Items();
        return items.Count == 1 ? items[0] : new CollectionNode("", "", items);
    }

    /// <summary>Relations with commas between them; "1, 2, and 3" has two before its last.</summary>
    private List<MathNode> Items()
    {
        var items = new List<MathNode> { Relation() };
        while (Take(","))
        {
            while (Take(",")) { }
            items.Add(Relation());
        }
        return items;
    }

    private MathNode Relation()
    {
        var sides = new List<MathNode> { Union() };
        var relations = new List<string>();
        while (Next.Kind == TokenKind.Mark && Next.Text is "=" or "<" or ">" or "≤" or "≥" or "≠" or "≈" or "∈")
        {
            relations.Add(Next.Text);
            _at++;
            sides.Add(Union());
        }
        return relations.Count == 0 ? sides[0] : new RelationNode(sides, relations);
    }

    private MathNode Union()
    {
        var first = Sum();
        if (!Next.Is("∪"))
            return first;
        var parts = new List<MathNode> { first };
        while (Take("∪"))
            parts.Add(Sum());
        return new CollectionNode("∪", "", parts);
    }

    private MathNode Sum()
    {
        if (!Enter())
            return Fail();
        MathNode sum;
        // A sign at the start of "- a b" holds for the product; ± has no left side there.
        if (Take("±"))
            sum = new BinaryNode('±', Zero, Product());
        else if (Take("∓"))
            sum = new BinaryNode('∓', Zero, Product());
        else
            sum = Product();
        while (Next.Kind == TokenKind.Mark && Next.Text is "+" or "-" or "±" or "∓")
        {
            char @operator = Next.Text[0];
            _at++;
            sum = new BinaryNode(@operator, sum, Product());
        }
        _depth--;
        return sum;
    }

    private MathNode Product()
    {
        var product = Signed();
        while (!_failed)
        {
            if (Take("*"))
                product = new BinaryNode('*', product, Signed());
            else if (Take("/"))
                product = Quotient(product);
            else if (Next.Kind == TokenKind.Word)
                product = WithUnit(product);
            else if (BeginsFactor())
                product = new BinaryNode('*', product, Power());
            else
                break;
        }
        return product;
    }

    private MathNode Quotient(MathNode dividend)
    {
        // "5 m/s": what divides a unit belongs to it.
        if (dividend is UnitNode { Unit: not (UnitNode.Percent or UnitNode.Degree) } unit)
            return Next.Kind is TokenKind.Word or TokenKind.Symbol ? new UnitNode(unit.Value, unit.Unit + "/" + TakeAny().Text) : Fail();
        return new BinaryNode('/', dividend, Signed());
    }

    /// <summary>Whether the next token begins a factor that stands beside another without a sign between them.</summary>
    private bool BeginsFactor() => Next.Kind switch
    {
        TokenKind.Symbol or TokenKind.Function => true,
        TokenKind.Command => Next.Text is not ("end" or "rfloor" or "rceil"),
        TokenKind.Mark => Next.Text is "(" or "[" or "{" or "set{" || Next.Is("|") && _bars == 0,
        _ => false,
    };

    private MathNode Signed()
    {
        bool isNegative = false;
        while (Next.Is("-") || Next.Is("+"))
            isNegative ^= TakeAny().Text == "-";
        var node = Power();
        return isNegative ? Negative(node) : node;
    }

    private MathNode Power()
    {
        var power = Postfix(Primary());
        if (Next.Is("^") && Peek(1).Is("°") || Next.Is("^") && Peek(1).Is("{") && Peek(2).Is("°") && Peek(3).Is("}"))
        {
            _at += Peek(1).Is("{") ? 4 : 2;
            power = new UnitNode(power, UnitNode.Degree);
        }
        if (!Take("^"))
            return power;
        if (!Enter())
            return Fail();
        var exponent = Argument(wholeNumber: true);
        _depth--;
        if (power is TextNode text && exponent is NumberNode number)
            return new TextNode(text.Text + "^" + number.Value);
        return Postfix(new BinaryNode('^', power, exponent));
    }

    private MathNode Postfix(MathNode node)
    {
        while (Next.Kind == TokenKind.Mark && Next.Text is "!" or "%" or "°")
        {
            string mark = TakeAny().Text;
            node = mark == "!" ? new CallNode("!", node) : new UnitNode(node, mark);
        }
        return node;
    }

    private static NumberNode Zero => new(0);

    private static MathNode Negative(MathNode node) =>
        node is NumberNode number ? new NumberNode(-number.Value, number.Places) : new BinaryNode('-', Zero, node);

    private MathToken Peek(int ahead) => _at + ahead < _tokens.Count ? _tokens[_at + ahead] : new MathToken(TokenKind.End, "", false);

    private MathToken TakeAny()
    {
        var token = Next;
        _at++;
        return token;
    }

    private bool Take(string mark)
    {
        bool isThere = Next.Is(mark);
        if (isThere)
            _at++;
        return isThere;
    }

    private void Expect(string mark)
    {
        if (!Take(mark))
            Fail();
    }

    private bool Enter() => ++_depth <= MaxDepth;

    private NumberNode Fail()
    {
        _failed = true;
        return Zero;
    }
}
