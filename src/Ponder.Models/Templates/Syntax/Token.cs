namespace Ponder.Models.Templates.Syntax;

/// <summary>What a token is.</summary>
internal enum TokenKind
{
    /// <summary>Text outside of tags, printed as it is.</summary>
    Data,

    /// <summary><c>{{</c></summary>
    OpenOutput,

    /// <summary><c>}}</c></summary>
    CloseOutput,

    /// <summary><c>{%</c></summary>
    OpenTag,

    /// <summary><c>%}</c></summary>
    CloseTag,

    /// <summary>A name; Jinja has no reserved words, so keywords are names too.</summary>
    Name,

    /// <summary>A string literal, decoded.</summary>
    Text,

    /// <summary>A whole number.</summary>
    Integer,

    /// <summary>A number with a point or an exponent.</summary>
    Float,

    /// <summary>An operator or a bracket.</summary>
    Operator,

    /// <summary>The end of the source.</summary>
    End,
}

/// <summary>A token.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">Its text: the decoded string, the name, the operator's characters.</param>
/// <param name="At">Where it begins in the source, in UTF-16 units.</param>
internal readonly record struct Token(TokenKind Kind, string Text, int At)
{
    /// <summary>True for this operator.</summary>
    public bool IsOperator(string text) => Kind == TokenKind.Operator && Text == text;

    /// <summary>True for this name.</summary>
    public bool IsName(string name) => Kind == TokenKind.Name && Text == name;

    /// <summary>The token as an error message names it.</summary>
    public string Describe() => Kind switch
    {
        TokenKind.Data => "text outside of tags",
        TokenKind.OpenOutput => "'{{'",
        TokenKind.CloseOutput => "'}}'",
        TokenKind.OpenTag => "'{%'",
        TokenKind.CloseTag => "'%}'",
        TokenKind.Text => "a string",
        TokenKind.End => "the end of the template",
        _ => $"'{(Text.Length > 40 ? Text[..40] + "…" : Text)}'",
    };
}
