using System.Text.RegularExpressions;
using Ponder.Reasoning.Answers.Extraction;

namespace Ponder.Reasoning.Answers.Algebra;

/// <summary>Takes a formula apart, LaTeX or plain text. What it does not know becomes a word, which the parser takes or refuses.</summary>
internal sealed partial class MathLexer
{
    /// <summary>The mark for a comma that can only part thousands: <c>10,\!080</c>, <c>1{,}234</c>, <c>1\,234</c>.</summary>
    public const string Thousands = "{,}";

    // \text{…} inside \text{…}: deeper is no formula.
    private const int MaxNesting = 4;

    private readonly List<MathToken> _tokens = [];
    private bool _spaced;

    private MathLexer() { }

    [GeneratedRegex(@",\\!\s*|\{,\}\s*|(?<=\d)\\[,;]\s?(?=\d{3}(?!\d))", RegexOptions.CultureInvariant)]
    private static partial Regex Separators { get; }

    /// <summary>The tokens of a formula.</summary>
    public static IReadOnlyList<MathToken> Read(string text)
    {
        var lexer = new MathLexer();
        lexer.Lex(Separators.Replace(text, Thousands), 0);
        return lexer._tokens;
    }

    private void Lex(string text, int nesting)
    {
        int at = 0;
        while (at < text.Length)
        {
            char next = text[at];
            if (char.IsWhiteSpace(next) || next is '$' or '~' or '€' or '£')
            {
                _spaced = true;
                at++;
            }
            else if (next == '\\')
            {
                at = Command(text, at + 1, nesting);
            }
            else if (char.IsAsciiDigit(next))
            {
                Add(TokenKind.Digit, next.ToString());
                at++;
            }
            else if (char.IsLetter(next))
            {
                at = Letters(text, at);
            }
            else
            {
                at = Mark(text, at);
            }
        }
    }

    private int Mark(string text, int at)
    {
        foreach (string pair in (ReadOnlySpan<string>)[Thousands, "**", "<=", ">=", "!=", "+-", "=="])
        {
            if (string.CompareOrdinal(text, at, pair, 0, pair.Length) == 0)
            {
                Add(TokenKind.Mark, pair switch { "**" => "^", "<=" => "≤", ">=" => "≥", "!=" => "≠", "+-" => "±", "==" => "=", _ => pair });
                return at + pair.Length;
            }
        }
        char next = text[at];
        switch (next)
        {
            case '√':
                Add(TokenKind.Command, "sqrt");
                break;
            case '∞' or '∅':
                Add(TokenKind.Symbol, next.ToString());
                break;
            case '²' or '³':
                Add(TokenKind.Mark, "^");
                Add(TokenKind.Digit, next == '²' ? "2" : "3");
                break;
            default:
                Add(TokenKind.Mark, MathVocabulary.Characters.TryGetValue(next, out string? mark) ? mark : next.ToString());
                break;
        }
        return at + 1;
    }

    private int Command(string text, int at, int nesting)
    {
        if (at == text.Length)
            return at;
        int end = at + 1;
        while (char.IsAsciiLetter(text[at]) && end < text.Length && char.IsAsciiLetter(text[end]))
            end++;
        string name = text[at..end];
        if (MathVocabulary.Marks.TryGetValue(name, out string? mark))
            Add(TokenKind.Mark, mark);
        else if (MathVocabulary.Commands.TryGetValue(name, out string? command))
            Add(TokenKind.Command, command);
        else if (MathVocabulary.Functions.TryGetValue(name, out string? function))
            Add(TokenKind.Function, function);
        else if (MathVocabulary.Symbols.TryGetValue(name, out string? symbol))
            Add(TokenKind.Symbol, symbol);
        else if (MathVocabulary.Texts.Contains(name))
            return Text(text, end, name, nesting);
        else if (MathVocabulary.Ignored.Contains(name))
            _spaced = true;
        else
            Add(TokenKind.Word, "\\" + name);
        // "\left." is no bracket at all.
        return name is "left" or "right" && end < text.Length && text[end] == '.' ? end + 1 : end;
    }

    private int Text(string text, int at, string command, int nesting)
    {
        while (at < text.Length && text[at] == ' ')
            at++;
        int start = at, end = at, after = at;
        if (at < text.Length && text[at] == '{' && Braces.Close(text, at) is int close)
            (start, end, after) = (at + 1, close, close + 1);
        else if (at < text.Length)
            (end, after) = (at + 1, at + 1);
        string content = text[start..end].Trim();
        if (content.Length == 1 && char.IsLetter(content[0]) && command.StartsWith("math", StringComparison.Ordinal))
            Add(TokenKind.Symbol, content);
        else if (content.Any(char.IsAsciiDigit) && nesting < MaxNesting)
            Lex(content, nesting + 1);
        else
            Word(content);
        return after;
    }

    private int Letters(string text, int at)
    {
        int end = at + 1;
        while (end < text.Length && char.IsLetter(text[end]))
            end++;
        string run = text[at..end];
        bool isUnion = run == "U" && _tokens.Count > 0 && _tokens[^1].Text is ")" or "]" && text.AsSpan(end).TrimStart() is ['(' or '[', ..];
        bool isElement = run == "in" && text.AsSpan(end).TrimStart() is ['(' or '[' or '{', ..];
        if (isUnion || isElement)
            Add(TokenKind.Mark, isUnion ? "∪" : "∈");
        else if (run == "sqrt")
            Add(TokenKind.Command, run);
        else if (MathVocabulary.Functions.TryGetValue(run, out string? function))
            Add(TokenKind.Function, function);
        else if (MathVocabulary.Symbols.TryGetValue(run, out string? symbol))
            Add(TokenKind.Symbol, symbol);
        else if (run is "and" or "or" || run.Length >= 4 || MathVocabulary.ShortWords.Contains(run))
            Word(run);
        else
            return SingleLetters(run, at);
        return end;
    }

    private int SingleLetters(string run, int at)
    {
        foreach (char letter in run)
            Add(TokenKind.Symbol, letter.ToString());
        return at + run.Length;
    }

    private void Word(string content)
    {
        if (content is "and" or "or" or ",")
            Add(TokenKind.Mark, ",");
        else if (content is "degrees" or "degree")
            Add(TokenKind.Mark, "°");
        else if (content == "percent")
            Add(TokenKind.Mark, "%");
        else if (MathVocabulary.Functions.TryGetValue(content, out string? function))
            Add(TokenKind.Function, function);
        else if (content.Length > 0)
            Add(TokenKind.Word, content);
    }

    private void Add(TokenKind kind, string text)
    {
        _tokens.Add(new MathToken(kind, text, _spaced));
        _spaced = false;
    }
}
