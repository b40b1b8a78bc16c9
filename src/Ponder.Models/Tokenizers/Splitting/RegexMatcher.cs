using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Ponder.Models.Tokenizers.Splitting;

/// <summary>
/// Finds the matches of any other pattern with .NET's engine, which sees UTF-16: characters beyond the basic plane are
/// matched as a stand-in of the same category.
/// </summary>
internal sealed class RegexMatcher(Regex pattern) : Matcher
{
    // In the order of UnicodeCategory; rare characters, which patterns do not name.
    private const string StandIns = "\uA640\uA641\u1F88\uA717\u1401\u135D\u1A55\u20DD\u1946\u16EE\u1369\u2007\u2028\u2029\u0007"
        + "\uFFF9\uFFFD\uE000\u2040\u2E17\u2E22\u2E23\u2E02\u2E03\u2E0E\u2AF6\u20B8\uA700\u2BF0\u0378";

    /// <inheritdoc/>
    public override Matcher For(ReadOnlySpan<char> text) =>
        text.ContainsAnyInRange('\uD800', '\uDFFF') ? new FoundMatcher(FindAll(text)) : this;

    /// <inheritdoc/>
    public override bool TryNext(ReadOnlySpan<char> text, int from, out int start, out int end)
    {
        try
        {
            foreach (var match in pattern.EnumerateMatches(text, from))
            {
                if (match.Length == 0)
                    continue;
                (start, end) = (match.Index, match.Index + match.Length);
                return true;
            }
        }
        catch (RegexMatchTimeoutException error)
        {
            throw new TokenizerException($"The pre-tokenizer's pattern {pattern} takes too long on this text.", error);
        }
        (start, end) = (text.Length, text.Length);
        return false;
    }

    private Queue<(int Start, int End)> FindAll(ReadOnlySpan<char> text)
    {
        var flat = new StringBuilder(text.Length);
        var positions = new List<int>(text.Length + 1);
        for (int i = 0; i < text.Length;)
        {
            int codePoint = CodePoint(text, i, out int length);
            bool basic = codePoint < 0x10000 && !char.IsSurrogate((char)codePoint);
            flat.Append(basic ? (char)codePoint : StandIns[(int)CharUnicodeInfo.GetUnicodeCategory(codePoint)]);
            positions.Add(i);
            i += length;
        }
        positions.Add(text.Length);
        var found = new Queue<(int, int)>();
        string basicText = flat.ToString();
        for (int from = 0; TryNext(basicText, from, out int start, out int end); from = end)
            found.Enqueue((positions[start], positions[end]));
        return found;
    }

    private sealed class FoundMatcher(Queue<(int Start, int End)> matches) : Matcher
    {
        public override bool TryNext(ReadOnlySpan<char> text, int from, out int start, out int end)
        {
            bool found = matches.TryDequeue(out var match);
            (start, end) = match;
            return found;
        }
    }
}
