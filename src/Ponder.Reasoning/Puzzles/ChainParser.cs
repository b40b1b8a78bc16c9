using System.Globalization;

namespace Ponder.Reasoning.Puzzles;

/// <summary>
/// Reads <c>a=28 b=a*3-15 c=b-a c?</c>: assignments, then the variable asked for. White space, commas and semicolons between the
/// parts do not matter; capitals stand for their small letters.
/// </summary>
internal ref struct ChainParser
{
    private const int MaxLength = 10_000;

    private readonly ReadOnlySpan<char> _text;
    private readonly List<ChainAssignment> _assignments = [];
    private int _at;

    private ChainParser(ReadOnlySpan<char> text) => _text = text;

    public static (ChainAssignment[] Assignments, char Asked) Parse(string text)
    {
        if (text.Length > MaxLength)
            throw new PuzzleException($"a chain has at most {MaxLength} characters; this one has {text.Length}");
        return new ChainParser(text).Read();
    }

    private (ChainAssignment[] Assignments, char Asked) Read()
    {
        while (true)
        {
            char variable = ReadVariable();
            char mark = Peek();
            if (mark is not ('=' or '?'))
                throw Unexpected($"'=' or '?' after {variable}");
            _at++;
            if (mark == '=')
            {
                Assign(variable);
                continue;
            }
            if (_assignments.Count == 0)
                throw Unreadable("it asks before it assigns");
            ValueOf(variable);
            if (Peek() != '\0')
                throw Unexpected("the end");
            return ([.. _assignments], variable);
        }
    }

    private void Assign(char variable)
    {
        if (_assignments.Exists(a => a.Variable == variable))
            throw Unreadable($"{variable} is assigned twice");
        var operands = new List<ChainOperand> { ReadOperand('+') };
        while (Peek() is '+' or '-' or '*' or '/')
        {
            char @operator = _text[_at++];
            if (@operator == '/')
                throw Unreadable($"{variable} is divided: a chain has + - and * only");
            operands.Add(ReadOperand(@operator));
        }
        try
        {
            _assignments.Add(new ChainAssignment(variable, [.. operands]));
        }
        catch (OverflowException)
        {
            throw Unreadable($"the value of {variable} does not fit 64 bits");
        }
    }

    private ChainOperand ReadOperand(char @operator)
    {
        if (!char.IsAsciiDigit(Peek()))
        {
            char variable = ReadVariable();
            return new ChainOperand(@operator, variable, ValueOf(variable));
        }
        int start = _at;
        while (_at < _text.Length && char.IsAsciiDigit(_text[_at]))
            _at++;
        var digits = _text[start.._at];
        return int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number <= ChainPuzzle.Largest
            ? new ChainOperand(@operator, null, number)
            : throw Unreadable($"the number {PuzzleException.Quote(digits)} is over {ChainPuzzle.Largest}");
    }

    private char ReadVariable()
    {
        char letter = char.ToLowerInvariant(Peek());
        if (!char.IsAsciiLetterLower(letter))
            throw Unexpected("a variable (a single letter) or a number");
        _at++;
        return letter;
    }

    private readonly long ValueOf(char variable) => _assignments.Find(a => a.Variable == variable)?.Value
        ?? throw Unreadable($"{variable} is used before it is assigned");

    /// <summary>The next character that is not a separator; '\0' at the end.</summary>
    private char Peek()
    {
        while (_at < _text.Length && (char.IsWhiteSpace(_text[_at]) || _text[_at] is ',' or ';'))
            _at++;
        return _at == _text.Length ? '\0' : _text[_at] == '\0' ? '\uFFFD' : _text[_at];
    }

    private readonly PuzzleException Unexpected(string wanted) => Unreadable(
        _at == _text.Length ? $"it ends where {wanted} is expected" : $"it has '{_text[_at]}' at character {_at + 1} where {wanted} is expected");

    private readonly PuzzleException Unreadable(string why) =>
        new($"cannot read {PuzzleException.Quote(_text)} as a chain, {why}: write '{PuzzleParser.ChainExample}'");
}
