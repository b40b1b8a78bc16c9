namespace Ponder.Reasoning.Answers.Algebra;

/// <summary>What a token is.</summary>
internal enum TokenKind
{
    /// <summary>One digit: LaTeX takes <c>\frac12</c> apart.</summary>
    Digit,

    /// <summary>A variable or a constant: <c>x</c>, <c>π</c>, <c>∞</c>.</summary>
    Symbol,

    /// <summary>A named function: <c>sin</c>.</summary>
    Function,

    /// <summary>Running text: a unit, a name.</summary>
    Word,

    /// <summary>A command with arguments: <c>frac</c>, <c>sqrt</c>, <c>begin</c>.</summary>
    Command,

    /// <summary>An operator, a bracket or a mark.</summary>
    Mark,

    /// <summary>After the last token.</summary>
    End,
}

/// <summary>One token of a formula.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">Its plain form.</param>
/// <param name="IsSpaced">Whether white space stands before it.</param>
internal readonly record struct MathToken(TokenKind Kind, string Text, bool IsSpaced)
{
    /// <summary>Whether it is this mark.</summary>
    public bool Is(string mark) => Kind == TokenKind.Mark && Text == mark;
}
