namespace Ponder.Models.Tokenizers.Splitting;

/// <summary>Finds the matches of a pattern from left to right. Thread-safe.</summary>
internal abstract class Matcher
{
    /// <summary>Finds the first match at or after <paramref name="from"/>; it is not empty.</summary>
    public abstract bool TryNext(ReadOnlySpan<char> text, int from, out int start, out int end);

    /// <summary>The matcher to use for one text: this one, unless the text must be prepared.</summary>
    public virtual Matcher For(ReadOnlySpan<char> text) => this;

    /// <summary>The code point at an index; a lone surrogate stands for itself.</summary>
    protected static int CodePoint(ReadOnlySpan<char> text, int index, out int length)
    {
        char c = text[index];
        bool pair = char.IsHighSurrogate(c) && index + 1 < text.Length && char.IsLowSurrogate(text[index + 1]);
        length = pair ? 2 : 1;
        return pair ? char.ConvertToUtf32(c, text[index + 1]) : c;
    }
}

/// <summary>Finds a string.</summary>
internal sealed class LiteralMatcher(string literal) : Matcher
{
    /// <inheritdoc/>
    public override bool TryNext(ReadOnlySpan<char> text, int from, out int start, out int end)
    {
        int found = text[from..].IndexOf(literal);
        (start, end) = (from + found, from + found + literal.Length);
        return found >= 0;
    }
}

/// <summary>
/// Finds runs of a set: <c>[set]</c>, <c>[set]+</c>, <c>[set]{1,3}</c>, with <c>\s?</c> before it or <c>$</c> behind it.
/// The sequences of <c>Split</c> that some tokenizers use instead of one pattern are made of these.
/// </summary>
internal sealed class RunMatcher : Matcher
{
    private readonly CharSet _set;
    private readonly int _most;
    private readonly bool _space;
    private readonly bool _atEnd;

    private RunMatcher(CharSet set, int most, bool space, bool atEnd) => (_set, _most, _space, _atEnd) = (set, most, space, atEnd);

    /// <summary>Reads the pattern; null when it is not of this form.</summary>
    public static RunMatcher? TryParse(string pattern)
    {
        bool space = pattern.StartsWith(@"\s?", StringComparison.Ordinal);
        int at = space ? 3 : 0;
        if (CharSet.TryParse(pattern, ref at) is not { } set)
            return null;
        return pattern[at..] switch
        {
            "" => new RunMatcher(set, 1, space, atEnd: false),
            "+" => new RunMatcher(set, int.MaxValue, space, atEnd: false),
            "+$" when !space => new RunMatcher(set, int.MaxValue, space, atEnd: true),
            ['{', '1', ',', >= '2' and <= '9' and var most, '}'] => new RunMatcher(set, most - '0', space, atEnd: false),
            _ => null,
        };
    }

    /// <inheritdoc/>
    public override bool TryNext(ReadOnlySpan<char> text, int from, out int start, out int end)
    {
        for (start = from; start < text.Length; start = end)
        {
            int first = start;
            if (_space && char.IsWhiteSpace(text[start]) && Run(text, start + 1, 1) > start + 1)
                first++;
            end = Run(text, first, _most);
            if (end > first && _atEnd && end < text.Length)
            {
                // $ is the end of any line: the run may end before a line feed inside it.
                int line = text[start..end].LastIndexOf('\n');
                if (line <= 0)
                    continue;
                end = start + line;
            }
            if (end > first)
                return true;
            _ = CodePoint(text, start, out int length);
            end = start + length;
        }
        end = start;
        return false;
    }

    private int Run(ReadOnlySpan<char> text, int start, int most)
    {
        for (int count = 0; count < most && start < text.Length && _set.Contains(CodePoint(text, start, out int length)); count++)
            start += length;
        return start;
    }
}
