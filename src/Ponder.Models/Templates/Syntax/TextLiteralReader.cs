using System.Globalization;
using System.Text;

namespace Ponder.Models.Templates.Syntax;

/// <summary>Reads string literals with Python's escapes. Escapes that Python does not know stay as they are.</summary>
internal static class TextLiteralReader
{
    /// <summary>Reads the literal at <paramref name="at"/> and steps over it; the token's text is decoded.</summary>
    public static Token Read(string source, ref int at)
    {
        int start = at;
        char quote = source[at++];
        int end = at;
        while (end < source.Length && source[end] != quote)
            end += source[end] == '\\' ? 2 : 1;
        if (end >= source.Length)
            throw new SyntaxFault(start, "the string that begins here has no end");
        string raw = source[at..end];
        int bodyAt = at;
        at = end + 1;
        return new Token(TokenKind.Text, raw.Contains('\\', StringComparison.Ordinal) ? Decode(raw, bodyAt) : raw, start);
    }

    private static string Decode(string raw, int bodyAt)
    {
        var text = new StringBuilder(raw.Length);
        for (int i = 0; i < raw.Length; i++)
        {
            if (raw[i] != '\\')
            {
                text.Append(raw[i]);
                continue;
            }
            char c = raw[++i];
            switch (c)
            {
                case '\n': break;
                case '\\' or '\'' or '"': text.Append(c); break;
                case 'n': text.Append('\n'); break;
                case 't': text.Append('\t'); break;
                case 'r': text.Append('\r'); break;
                case 'a': text.Append('\a'); break;
                case 'b': text.Append('\b'); break;
                case 'f': text.Append('\f'); break;
                case 'v': text.Append('\v'); break;
                case >= '0' and <= '7': Octal(text, raw, ref i); break;
                case 'x': Hex(text, raw, ref i, 2, bodyAt); break;
                case 'u': Hex(text, raw, ref i, 4, bodyAt); break;
                case 'U': Hex(text, raw, ref i, 8, bodyAt); break;
                case 'N': throw new SyntaxFault(bodyAt + i - 1, "characters by name (\\N{…}) are not supported");
                default: text.Append('\\').Append(c); break;
            }
        }
        return text.ToString();
    }

    private static void Octal(StringBuilder text, string raw, ref int i)
    {
        int value = 0;
        int end = Math.Min(i + 3, raw.Length);
        for (; i < end && raw[i] is >= '0' and <= '7'; i++)
            value = value * 8 + raw[i] - '0';
        i--;
        text.Append((char)value);
    }

    private static void Hex(StringBuilder text, string raw, ref int i, int digits, int bodyAt)
    {
        if (i + digits >= raw.Length
            || !uint.TryParse(raw.AsSpan(i + 1, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out uint value)
            || value > 0x10FFFF)
            throw new SyntaxFault(bodyAt + i - 1, $"'\\{raw[i]}' wants {digits} hexadecimal digits of a character");
        if (value > 0xFFFF)
            text.Append(char.ConvertFromUtf32((int)value));
        else
            text.Append((char)value);
        i += digits;
    }
}
