namespace Ponder.Models.Templates.Syntax;

/// <summary>Parses the statements of a template.</summary>
internal sealed class Parser
{
    private readonly TokenStream _tokens;
    private readonly ExpressionParser _expressions;
    private string _ending = "";
    private int _loops;

    private Parser(TokenStream tokens)
    {
        _tokens = tokens;
        _expressions = new ExpressionParser(tokens);
    }

    /// <summary>Parses a source whose newlines are normalised.</summary>
    /// <exception cref="SyntaxFault">The source is not a template, uses what is not supported, or is nested too deep.</exception>
    public static Statement[] Parse(string source, int maxDepth)
    {
        var parser = new Parser(new TokenStream(Lexer.Tokens(source), maxDepth));
        return parser.Statements(0);
    }

    /// <summary>The body of a tag: closes the tag, then reads up to one of the names, which is kept in <see cref="_ending"/>.</summary>
    private Statement[] Body(int at, params ReadOnlySpan<string> ends)
    {
        _tokens.SkipOperator(":");      // as in Python: {% if x: %}
        CloseTag();
        return Statements(at, ends);
    }

    private Statement[] LastBody(int at, string end)
    {
        var body = Body(at, end);
        CloseTag();
        return body;
    }

    private void CloseTag() => _tokens.Expect(TokenKind.CloseTag, "'%}'");

    private Statement[] Statements(int at, params ReadOnlySpan<string> ends)
    {
        _tokens.Enter();
        var body = new List<Statement>();
        while (true)
        {
            var token = _tokens.Take();
            if (token.Kind == TokenKind.Data)
                body.Add(new Data(token.At, token.Text));
            else if (token.Kind == TokenKind.OpenOutput)
            {
                body.Add(new Output(token.At, _expressions.Tuple()));
                _tokens.Expect(TokenKind.CloseOutput, "'}}'");
            }
            else if (token.Kind == TokenKind.OpenTag)
            {
                var name = _tokens.Expect(TokenKind.Name, "the name of a tag");
                if (ends.Contains(name.Text))
                {
                    _ending = name.Text;
                    break;
                }
                body.Add(Tag(name, ends));
            }
            else if (ends.IsEmpty)
                break;
            else
                throw new SyntaxFault(at, $"the tag that begins here has no {{% {ends[^1]} %}}");
        }
        _tokens.Leave();
        return [.. body];
    }

    private Statement Tag(Token name, ReadOnlySpan<string> ends)
    {
        switch (name.Text)
        {
            case "if": return If(name.At);
            case "for": return For(name.At);
            case "set": return Set(name.At);
            case "macro": return Macro(name.At);
            case "call": return Call(name.At);
            case "filter": return Filter(name.At);
            case "with": return With(name.At);
            case "generation": return new Generation(name.At, IsolatedBody(name.At, "endgeneration"));
            case "do": return Closed(new Do(name.At, _expressions.Tuple()));
            case "break" or "continue" when _loops > 0: return Closed(new Jump(name.At, name.Text == "break"));
            case "break" or "continue": throw new SyntaxFault(name.At, $"'{name.Text}' stands outside of a loop");
            case "include" or "import" or "from" or "extends" or "block" or "autoescape" or "trans":
                throw new SyntaxFault(name.At, $"the tag '{name.Text}' is not supported in chat templates");
            default:
                throw new SyntaxFault(name.At, ends.IsEmpty
                    ? $"the tag {name.Describe()} is not known"
                    : $"the tag {name.Describe()} is not known; the innermost open tag wants {{% {ends[^1]} %}}");
        }
    }

    private Statement Closed(Statement statement)
    {
        CloseTag();
        return statement;
    }

    // A break in here cannot reach a loop outside.
    private Statement[] IsolatedBody(int at, string end)
    {
        int loops = _loops;
        _loops = 0;
        var body = LastBody(at, end);
        _loops = loops;
        return body;
    }

    private If If(int at)
    {
        var branches = new List<(Expression, Statement[])>();
        do
        {
            var condition = _expressions.Tuple(allowConditional: false);
            branches.Add((condition, Body(at, "elif", "else", "endif")));
        }
        while (_ending == "elif");
        var otherwise = _ending == "else" ? Body(at, "endif") : [];
        CloseTag();
        return new If(at, [.. branches], otherwise);
    }

    private For For(int at)
    {
        var target = Targets(end: "in", allowAttributes: false);
        _tokens.ExpectName("in");
        var source = _expressions.Tuple(allowConditional: false, end: "recursive");
        var condition = _tokens.SkipName("if") ? _expressions.Expression() : null;
        bool isRecursive = _tokens.SkipName("recursive");
        _loops++;
        var body = Body(at, "else", "endfor");
        _loops--;
        var otherwise = _ending == "else" ? Body(at, "endfor") : [];
        CloseTag();
        return new For(at, target, source, condition, isRecursive, body, otherwise);
    }

    private Statement Set(int at)
    {
        var target = Targets(end: null, allowAttributes: true);
        if (_tokens.SkipOperator("="))
            return Closed(new Set(at, target, _expressions.Tuple()));
        return new SetBlock(at, target, Filters(), IsolatedBody(at, "endset"));
    }

    private FilterExpression[] Filters()
    {
        var filters = new List<FilterExpression>();
        while (_tokens.Current.IsOperator("|"))
            filters.Add(_expressions.Filter(null));
        return [.. filters];
    }

    private FilterBlock Filter(int at)
    {
        var first = _expressions.FilterName(null);
        return new FilterBlock(at, [first, .. Filters()], IsolatedBody(at, "endfilter"));
    }

    private With With(int at)
    {
        var values = new List<(Target, Expression)>();
        while (_tokens.Current.Kind != TokenKind.CloseTag)
        {
            if (values.Count > 0)
                _tokens.ExpectOperator(",");
            var target = Single(allowAttributes: false);
            _tokens.ExpectOperator("=");
            values.Add((target, _expressions.Expression()));
        }
        return new With(at, [.. values], LastBody(at, "endwith"));
    }

    private MacroStatement Macro(int at)
    {
        string name = _tokens.Expect(TokenKind.Name, "the name of the macro").Text;
        return new MacroStatement(at, MacroBody(at, name, Parameters(), "endmacro"));
    }

    private CallBlock Call(int at)
    {
        var parameters = _tokens.Current.IsOperator("(") ? Parameters() : [];
        var call = _expressions.Expression() as CallExpression ?? throw new SyntaxFault(at, "'call' wants the call of a macro");
        return new CallBlock(at, call, MacroBody(at, "caller", parameters, "endcall"));
    }

    private MacroBody MacroBody(int at, string name, (string, Expression?)[] parameters, string end)
    {
        var uses = new MacroUses();
        _expressions.Macros.Push(uses);
        var body = IsolatedBody(at, end);
        _expressions.Macros.Pop();
        return new MacroBody(name, parameters, body, uses.Rest, uses.NamedRest, uses.Caller);
    }

    private (string, Expression?)[] Parameters()
    {
        var parameters = new List<(string Name, Expression? Default)>();
        _tokens.ExpectOperator("(");
        while (!_tokens.Current.IsOperator(")"))
        {
            var name = _tokens.Expect(TokenKind.Name, "the name of a parameter");
            var value = _tokens.SkipOperator("=") ? _expressions.Expression() : null;
            if (value is null && parameters.Count > 0 && parameters[^1].Default is not null)
                throw new SyntaxFault(name.At, $"the parameter '{name.Text}' without a default follows one with a default");
            if (parameters.Exists(p => p.Name == name.Text))
                throw new SyntaxFault(name.At, $"the parameter '{name.Text}' is given twice");
            parameters.Add((name.Text, value));
            _tokens.CheckNames(parameters.Count);
            if (!_tokens.SkipOperator(","))
                break;
        }
        _tokens.ExpectOperator(")");
        return [.. parameters];
    }

    /// <summary>One target, or several with commas between them.</summary>
    private Target Targets(string? end, bool allowAttributes)
    {
        int at = _tokens.Current.At;
        var first = Single(allowAttributes);
        if (!_tokens.Current.IsOperator(","))
            return first;
        var items = new List<Target> { first };
        while (_tokens.SkipOperator(","))
        {
            if (_tokens.Current.IsOperator("=") || _tokens.Current.IsOperator(")") || (end is not null && _tokens.Current.IsName(end)))
                break;
            items.Add(Single(allowAttributes));
        }
        return new TupleTarget(at, [.. items]);
    }

    private Target Single(bool allowAttributes)
    {
        if (_tokens.SkipOperator("("))
        {
            _tokens.Enter();
            var inner = Targets(end: null, allowAttributes);
            _tokens.ExpectOperator(")");
            _tokens.Leave();
            return inner;
        }
        var name = _tokens.Expect(TokenKind.Name, "the name of a variable");
        if (name.Text is "true" or "True" or "false" or "False" or "none" or "None")
            throw new SyntaxFault(name.At, $"'{name.Text}' cannot be assigned to");
        if (allowAttributes && _tokens.SkipOperator("."))
            return new AttributeTarget(name.At, name.Text, _tokens.Expect(TokenKind.Name, "the name of an attribute").Text);
        return new NameTarget(name.At, name.Text);
    }
}
