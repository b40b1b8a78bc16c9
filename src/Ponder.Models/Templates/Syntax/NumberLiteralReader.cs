using System.Globalization;

namespace Ponder.Models.Templates.Syntax;

/// <summary>Reads number literals: <c>12</c>, <c>1_000</c>, <c>0x1f</c>, <c>0o17</c>, <c>0b11</c>, <c>1.5</c>, <c>2e-3</c>.</summary>
internal static class NumberLiteralReader
{
    /// <summary>Reads the literal at <paramref name="at"/> and steps over it; the token's text has no underscores.</summary>
    public static Token Read(string source, ref int at)
    {
        int start = at;
        if (source[at] == '0' && at + 2 < source.Length && Base(source[at + 1]) is > 0 and var radix && IsDigit(source[at + 2], radix))
            return Prefixed(source, ref at, radix);

        Digits(source, ref at);
        bool isFloat = false;
        int next = at + 1;
        if (Has(source, at, '.') && next < source.Length && char.IsAsciiDigit(source[next]))
        {
            isFloat = true;
            at = next;
            Digits(source, ref at);
        }
        if (Has(source, at, 'e') || Has(source, at, 'E'))
        {
            next = at + 1;
            if (Has(source, next, '+') || Has(source, next, '-'))
                next++;
            if (next < source.Length && char.IsAsciiDigit(source[next]))
            {
                isFloat = true;
                at = next;
                Digits(source, ref at);
            }
        }
        string text = source[start..at].Replace("_", "", StringComparison.Ordinal);
        if (!isFloat && !long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out _))
            throw new SyntaxFault(start, "the number does not fit in 64 bits");
        return new Token(isFloat ? TokenKind.Float : TokenKind.Integer, text, start);
    }

    private static Token Prefixed(string source, ref int at, int radix)
    {
        int start = at;
        long value = 0;
        for (at += 2; at < source.Length && (source[at] == '_' || IsDigit(source[at], radix)); at++)
        {
            if (source[at] == '_')
                continue;
            if (value > (long.MaxValue - 15) / radix)
                throw new SyntaxFault(start, "the number does not fit in 64 bits");
            value = value * radix + Convert.ToInt32(source[at].ToString(), 16);
        }
        return new Token(TokenKind.Integer, value.ToString(CultureInfo.InvariantCulture), start);
    }

    private static int Base(char letter) => letter switch { 'x' or 'X' => 16, 'o' or 'O' => 8, 'b' or 'B' => 2, _ => 0 };

    private static bool IsDigit(char c, int radix) => radix == 16 ? char.IsAsciiHexDigit(c) : c >= '0' && c < '0' + radix;

    private static bool Has(string source, int at, char c) => at < source.Length && source[at] == c;

    private static void Digits(string source, ref int at)
    {
        while (at < source.Length && (char.IsAsciiDigit(source[at])
            || (source[at] == '_' && at + 1 < source.Length && char.IsAsciiDigit(source[at + 1]))))
            at++;
    }
}
