using System.Buffers;
using Ponder.Models.Templates.Values;

namespace Ponder.Models.Templates.Syntax;

/// <summary>
/// Cuts a source into tokens, with the white space control of Jinja and with trim_blocks and lstrip_blocks on, as chat templates are
/// rendered: the newline after a tag goes, and so do the blanks before a tag that is first on its line; <c>-</c> takes all white space on
/// its side, <c>+</c> keeps what would go.
/// </summary>
internal sealed class Lexer
{
    private static readonly SearchValues<string> Openings = SearchValues.Create(["{{", "{%", "{#"], StringComparison.Ordinal);

    // Longest first.
    private static readonly string[] Operators =
        ["//", "**", "==", "!=", ">=", "<=", "+", "-", "/", "*", "%", "~", "[", "]", "(", ")", "{", "}", ">", "<", "=", ".", ":", "|", ",", ";"];

    private readonly string _source;
    private readonly List<Token> _tokens = [];
    private readonly Stack<string> _open = new();
    private int _at;
    private bool _lineStarts = true;

    private Lexer(string source) => _source = source;

    /// <summary>The tokens of a source whose newlines are normalised.</summary>
    /// <exception cref="SyntaxFault">A tag, a string or a comment has no end, or a character belongs to no token.</exception>
    public static List<Token> Tokens(string source)
    {
        var lexer = new Lexer(source);
        lexer.Run();
        return lexer._tokens;
    }

    /// <summary>Newlines as <c>\n</c>; one newline at the very end does not count.</summary>
    public static string Normalise(string source)
    {
        if (source.Contains('\r', StringComparison.Ordinal))
            source = source.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');
        return source.EndsWith('\n') ? source[..^1] : source;
    }

    private void Run()
    {
        while (true)
        {
            int opening = _source.AsSpan(_at).IndexOfAny(Openings);
            if (opening < 0)
            {
                Add(TokenKind.Data, _source[_at..], _at);
                break;
            }
            opening += _at;
            char sign = Sign(opening + 2);
            Data(opening, sign, isOutput: _source[opening + 1] == '{');
            _at = opening + (sign == ' ' ? 2 : 3);
            switch (_source[opening + 1])
            {
                case '#': Comment(opening); break;
                case '{': Inside(opening, TokenKind.OpenOutput, TokenKind.CloseOutput, "}}"); break;
                default:
                    if (IsRaw(out int body)) Raw(opening, body);
                    else Inside(opening, TokenKind.OpenTag, TokenKind.CloseTag, "%}");
                    break;
            }
        }
        _tokens.Add(new Token(TokenKind.End, "", _source.Length));
    }

    private char Sign(int at) => at < _source.Length && _source[at] is '-' or '+' ? _source[at] : ' ';

    private void Add(TokenKind kind, string text, int at)
    {
        if (text.Length > 0)
            _tokens.Add(new Token(kind, text, at));
    }

    private void Data(int end, char sign, bool isOutput)
    {
        var text = _source.AsSpan(_at, end - _at);
        if (sign == '-')
            text = PythonText.TrimEnd(text);
        else if (sign != '+' && !isOutput)
        {
            int line = text.LastIndexOf('\n') + 1;
            if ((line > 0 || _lineStarts) && PythonText.TrimEnd(text[line..]).IsEmpty)
                text = text[..line];
        }
        Add(TokenKind.Data, text.ToString(), _at);
    }

    /// <summary>Steps over an end mark and the white space that goes with it; false when there is none here.</summary>
    private bool Close(string mark, bool trimNewline)
    {
        var rest = _source.AsSpan(_at);
        int start = _at;
        if (rest.StartsWith(mark, StringComparison.Ordinal))
        {
            _at += 2;
            if (trimNewline && _at < _source.Length && _source[_at] == '\n')
                _at++;
        }
        else if (rest is ['-', ..] && rest[1..].StartsWith(mark, StringComparison.Ordinal))
        {
            _at += 3;
            while (_at < _source.Length && PythonText.IsSpace(_source[_at]))
                _at++;
        }
        else if (trimNewline && rest is ['+', ..] && rest[1..].StartsWith(mark, StringComparison.Ordinal))
            _at += 3;
        else
            return false;
        _lineStarts = _at > start && _source[_at - 1] == '\n';
        return true;
    }

    private void Comment(int opening)
    {
        int end = _source.IndexOf("#}", _at, StringComparison.Ordinal);
        if (end < 0)
            throw new SyntaxFault(opening, "the comment that begins here has no '#}'");
        _at = end > _at && _source[end - 1] is '-' or '+' ? end - 1 : end;
        Close("#}", trimNewline: true);
    }

    private bool IsRaw(out int body)
    {
        int at = _at;
        body = 0;
        SkipSpace(ref at);
        if (!_source.AsSpan(at).StartsWith("raw", StringComparison.Ordinal))
            return false;
        at += 3;
        SkipSpace(ref at);
        int before = _at;
        _at = at;
        bool closed = _source.AsSpan(at).StartsWith("+%}", StringComparison.Ordinal) is false && Close("%}", trimNewline: false);
        body = _at;
        _at = before;
        return closed;
    }

    private void Raw(int opening, int body)
    {
        for (int at = body; (at = _source.IndexOf("{%", at, StringComparison.Ordinal)) >= 0; at += 2)
        {
            char sign = Sign(at + 2);
            int name = at + (sign == ' ' ? 2 : 3);
            SkipSpace(ref name);
            if (!_source.AsSpan(name).StartsWith("endraw", StringComparison.Ordinal))
                continue;
            name += 6;
            SkipSpace(ref name);
            int end = name;
            _at = body;
            if (!IsClose(end))
                continue;
            Data(at, sign, isOutput: false);
            _at = end;
            Close("%}", trimNewline: true);
            return;
        }
        throw new SyntaxFault(opening, "the raw block that begins here has no {% endraw %}");
    }

    private bool IsClose(int at)
    {
        var rest = _source.AsSpan(at);
        return rest.StartsWith("%}", StringComparison.Ordinal) || (rest is ['-' or '+', ..] && rest[1..].StartsWith("%}", StringComparison.Ordinal));
    }

    private void SkipSpace(ref int at)
    {
        while (at < _source.Length && PythonText.IsSpace(_source[at]))
            at++;
    }

    private void Inside(int opening, TokenKind open, TokenKind close, string mark)
    {
        _tokens.Add(new Token(open, mark, opening));
        _open.Clear();
        while (true)
        {
            SkipSpace(ref _at);
            if (_at >= _source.Length)
                throw new SyntaxFault(opening, $"the tag that begins here has no '{mark}'");
            int at = _at;
            // Inside of brackets the end mark is two operators: {{ {'a': {'b': 1}} }}.
            if (_open.Count == 0 && Close(mark, trimNewline: close == TokenKind.CloseTag))
            {
                _tokens.Add(new Token(close, mark, at));
                return;
            }
            char c = _source[_at];
            if (char.IsLetter(c) || c == '_') Name();
            else if (char.IsAsciiDigit(c)) _tokens.Add(NumberLiteralReader.Read(_source, ref _at));
            else if (c is '"' or '\'') _tokens.Add(TextLiteralReader.Read(_source, ref _at));
            else Operator();
        }
    }

    private void Name()
    {
        int start = _at;
        while (_at < _source.Length && (char.IsLetterOrDigit(_source[_at]) || _source[_at] == '_'))
            _at++;
        _tokens.Add(new Token(TokenKind.Name, _source[start.._at], start));
    }

    private void Operator()
    {
        var rest = _source.AsSpan(_at);
        foreach (string text in Operators)
        {
            if (!rest.StartsWith(text, StringComparison.Ordinal))
                continue;
            Balance(text);
            _tokens.Add(new Token(TokenKind.Operator, text, _at));
            _at += text.Length;
            return;
        }
        throw new SyntaxFault(_at, $"the character '{rest[0]}' means nothing here");
    }

    private void Balance(string text)
    {
        switch (text)
        {
            case "(": _open.Push(")"); break;
            case "[": _open.Push("]"); break;
            case "{": _open.Push("}"); break;
            case ")" or "]" or "}":
                if (!_open.TryPop(out string? expected))
                    throw new SyntaxFault(_at, $"'{text}' closes nothing");
                if (expected != text)
                    throw new SyntaxFault(_at, $"'{text}' stands where '{expected}' is expected");
                break;
        }
    }
}
