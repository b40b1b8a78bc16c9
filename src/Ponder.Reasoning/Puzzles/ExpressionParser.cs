using System.Globalization;
using System.Numerics;

namespace Ponder.Reasoning.Puzzles;

/// <summary>
/// Recursive descent over one line:
/// sum = product { (+|-) product }, product = factor { (*|/) factor }, factor = - factor | ( sum ) | digits.
/// </summary>
internal ref struct ExpressionParser
{
    // Bounds the recursion (parentheses and signs nest) and the size of the exact numbers.
    private const int MaxLength = 1_000;

    private readonly ReadOnlySpan<char> _text;
    private int _at;

    private ExpressionParser(ReadOnlySpan<char> text) => _text = text;

    public static Expression Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length > MaxLength)
            throw new PuzzleException($"an expression has at most {MaxLength} characters; this one has {text.Length}");
        var parser = new ExpressionParser(text);
        var expression = parser.Sum();
        return parser.Peek() == '\0' ? expression : throw parser.Unexpected("an operator");
    }

    private Expression Sum()
    {
        var left = Product();
        while (Peek() is '+' or '-')
            left = new BinaryExpression(left, Next(), Product());
        return left;
    }

    private Expression Product()
    {
        var left = Factor();
        while (Peek() is '*' or '/')
            left = new BinaryExpression(left, Next(), Factor());
        return left;
    }

    private Expression Factor()
    {
        switch (Peek())
        {
            case '-':
                Next();
                return new NegationExpression(Factor());
            case '(':
                Next();
                var inner = Sum();
                if (Peek() != ')')
                    throw Unexpected("')'");
                Next();
                return inner;
            case >= '0' and <= '9':
                int start = _at;
                while (_at < _text.Length && char.IsAsciiDigit(_text[_at]))
                    _at++;
                return new NumberExpression(BigInteger.Parse(_text[start.._at], NumberStyles.None, CultureInfo.InvariantCulture));
            default:
                throw Unexpected("a number, '-' or '('");
        }
    }

    /// <summary>The next character that is not white space, in its plain form; '\0' at the end.</summary>
    private char Peek()
    {
        while (_at < _text.Length && char.IsWhiteSpace(_text[_at]))
            _at++;
        if (_at == _text.Length)
            return '\0';
        return _text[_at] switch
        {
            '×' or '·' => '*',
            '÷' => '/',
            '−' => '-',
            '\0' => '?', // a zero byte in the text is not its end
            var plain => plain,
        };
    }

    private char Next()
    {
        char next = Peek();
        _at++;
        return next;
    }

    private readonly PuzzleException Unexpected(string wanted) => new(
        _at == _text.Length
            ? $"the expression {PuzzleException.Quote(_text)} ends where {wanted} is expected"
            : $"the expression {PuzzleException.Quote(_text)} has '{_text[_at]}' at character {_at + 1} where {wanted} is expected");
}
