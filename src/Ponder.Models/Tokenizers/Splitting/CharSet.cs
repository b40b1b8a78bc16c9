using System.Globalization;
using System.Text;

namespace Ponder.Models.Tokenizers.Splitting;

/// <summary>A set of code points, as a character class of a regular expression names it.</summary>
internal sealed class CharSet
{
    private readonly List<(int First, int Last)> _ranges = [];
    private readonly ulong[] _basic = new ulong[0x10000 / 64];     // the basic plane as bits, for the inner loop
    private uint _categories;
    private bool _spaces;
    private bool _inverted;

    private CharSet() { }

    /// <summary>True when the code point is in the set. A lone surrogate counts as U+FFFD, which it becomes.</summary>
    public bool Contains(int codePoint) => codePoint < 0x10000 ? (_basic[codePoint >> 6] >> codePoint & 1) != 0 : Decide(codePoint);

    /// <summary>
    /// Reads a class at <paramref name="at"/> and moves behind it: <c>[...]</c> with literals, ranges, escapes and
    /// categories, or a bare <c>\p{...}</c>, <c>\s</c>. Null when it holds something else.
    /// </summary>
    public static CharSet? TryParse(string pattern, ref int at)
    {
        var set = new CharSet();
        if (at < pattern.Length && pattern[at] == '[')
        {
            at++;
            if (at < pattern.Length && pattern[at] == '^')
            {
                set._inverted = true;
                at++;
            }
            do
            {
                if (at >= pattern.Length || pattern[at] == '[' || pattern.AsSpan(at).StartsWith("&&") || !set.TryReadItem(pattern, ref at))
                    return null;
            }
            while (at < pattern.Length && pattern[at] != ']');
            if (at++ >= pattern.Length)
                return null;
        }
        else if (at >= pattern.Length || pattern[at] != '\\' || !set.TryReadItem(pattern, ref at))
        {
            return null;
        }
        set.Fill();
        return set;
    }

    private bool TryReadItem(string pattern, ref int at)
    {
        if (pattern.AsSpan(at).StartsWith("\\s"))
        {
            at += 2;
            return _spaces = true;
        }
        if (pattern.AsSpan(at).StartsWith("\\p{"))
        {
            int end = pattern.IndexOf('}', at);
            if (end < 0 || Categories(pattern[(at + 3)..end]) is not (> 0 and var categories))
                return false;
            _categories |= categories;
            at = end + 1;
            return true;
        }
        if (!TryReadLiteral(pattern, ref at, out int first))
            return false;
        int last = first;
        if (at + 1 < pattern.Length && pattern[at] == '-' && pattern[at + 1] != ']')
        {
            at++;
            if (!TryReadLiteral(pattern, ref at, out last) || last < first)
                return false;
        }
        _ranges.Add((first, last));
        return true;
    }

    private static bool TryReadLiteral(string pattern, ref int at, out int codePoint)
    {
        codePoint = 0;
        if (pattern[at] != '\\')
        {
            if (Rune.DecodeFromUtf16(pattern.AsSpan(at), out var rune, out int length) != System.Buffers.OperationStatus.Done)
                return false;
            (codePoint, at) = (rune.Value, at + length);
            return true;
        }
        if (at + 1 >= pattern.Length)
            return false;
        char escaped = pattern[at + 1];
        at += 2;
        codePoint = escaped switch { 'r' => '\r', 'n' => '\n', 't' => '\t', _ => escaped };
        return escaped is 'r' or 'n' or 't' || char.IsAsciiLetterOrDigit(escaped) is false;
    }

    // Two-letter categories in the order of UnicodeCategory; a single letter is all that begin with it.
    private static uint Categories(string name)
    {
        string[] names = ["Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Nd", "Nl", "No", "Zs", "Zl", "Zp", "Cc",
            "Cf", "Cs", "Co", "Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po", "Sm", "Sc", "Sk", "So", "Cn"];
        uint mask = 0;
        for (int i = 0; i < names.Length; i++)
        {
            if (names[i] == name || (name.Length == 1 && names[i][0] == name[0]))
                mask |= 1u << i;
        }
        return mask;
    }

    private void Fill()
    {
        for (int c = 0; c < 0x10000; c++)
        {
            if (Decide(char.IsSurrogate((char)c) ? 0xFFFD : c))
                _basic[c >> 6] |= 1ul << c;
        }
    }

    private bool Decide(int c) => _inverted != ((_spaces && c < 0x10000 && char.IsWhiteSpace((char)c))
        || (_categories >> (int)CharUnicodeInfo.GetUnicodeCategory(c) & 1) != 0
        || _ranges.Exists(range => c >= range.First && c <= range.Last));
}
