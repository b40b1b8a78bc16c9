using System.Runtime.CompilerServices;

namespace Ponder.Models.Templates.Syntax;

/// <summary>The tokens as the parsers walk over them, and the depth they are at.</summary>
/// <param name="tokens">The tokens; the last is <see cref="TokenKind.End"/>.</param>
/// <param name="maxDepth">Deepest nesting.</param>
internal sealed class TokenStream(List<Token> tokens, int maxDepth)
{
    private const int MaxNames = 255;

    private int _next;
    private int _depth;

    /// <summary>The token at hand.</summary>
    public Token Current => tokens[_next];

    /// <summary>The token after it.</summary>
    public Token Following => tokens[Math.Min(_next + 1, tokens.Count - 1)];

    /// <summary>Steps over the token at hand and returns it.</summary>
    public Token Take()
    {
        var token = tokens[_next];
        if (token.Kind != TokenKind.End)
            _next++;
        return token;
    }

    /// <summary>Steps over this operator if it is at hand.</summary>
    public bool SkipOperator(string text)
    {
        if (!Current.IsOperator(text))
            return false;
        Take();
        return true;
    }

    /// <summary>Steps over this name if it is at hand.</summary>
    public bool SkipName(string name)
    {
        if (!Current.IsName(name))
            return false;
        Take();
        return true;
    }

    /// <summary>Steps over this operator, which must be at hand.</summary>
    public void ExpectOperator(string text)
    {
        if (!SkipOperator(text))
            throw Unexpected($"'{text}'");
    }

    /// <summary>Steps over this name, which must be at hand.</summary>
    public void ExpectName(string name)
    {
        if (!SkipName(name))
            throw Unexpected($"'{name}'");
    }

    /// <summary>Steps over a token of this kind, which must be at hand.</summary>
    public Token Expect(TokenKind kind, string what) => Current.Kind == kind ? Take() : throw Unexpected(what);

    /// <summary>The error for a token that is not what was expected.</summary>
    public SyntaxFault Unexpected(string expected) => new(Current.At, $"{Current.Describe()} stands where {expected} is expected");

    /// <summary>Enters one more level; deep nesting must not exhaust the stack.</summary>
    public void Enter()
    {
        if (++_depth > maxDepth || !RuntimeHelpers.TryEnsureSufficientExecutionStack())
            throw new SyntaxFault(Current.At, $"the template is nested deeper than {maxDepth} levels");
    }

    /// <summary>Leaves the level.</summary>
    public void Leave() => _depth--;

    /// <summary>Checks how many names a call or a macro lists, each of which is compared with the others.</summary>
    public void CheckNames(int count)
    {
        if (count > MaxNames)
            throw new SyntaxFault(Current.At, $"a call or a macro names more than {MaxNames} arguments");
    }

    /// <summary>Checks the length of a chain such as <c>a + b + c</c>, which nests to the left.</summary>
    public void CheckChain(int length)
    {
        if (length > maxDepth)
            throw new SyntaxFault(Current.At, $"the expression chains more than {maxDepth} operations");
    }
}
