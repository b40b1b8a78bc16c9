using System.Globalization;

namespace Ponder.Models.Tokenizers.Splitting;

/// <summary>Words between white space, which is dropped; BERT also makes every punctuation mark a piece.</summary>
internal sealed class WhiteSpaceSplitter(bool isolatesPunctuation) : Splitter
{
    /// <inheritdoc/>
    public override void Split(ReadOnlySpan<char> text, bool atStart, Stages rest)
    {
        int start = 0;
        for (int i = 0; i < text.Length;)
        {
            var kind = CharKind.At(text, i, out int length);
            bool space = kind == CharKinds.Space;
            bool mark = isolatesPunctuation && PunctuationMatcher.IsPunctuation(text[i], kind);
            if (space || mark)
            {
                rest.Take(text[start..i], atStart && start == 0);
                start = i + length;
                if (mark)
                    rest.Take(text[i..start], atStart && i == 0);
            }
            i += length;
        }
        rest.Take(text[start..], atStart && start == 0);
    }
}

/// <summary>Finds punctuation marks, one by one: Unicode's, and all ASCII signs.</summary>
internal sealed class PunctuationMatcher : Matcher
{
    /// <summary>True for punctuation as BERT counts it.</summary>
    public static bool IsPunctuation(char first, CharKinds kind) =>
        (kind & CharKinds.Punctuation) != 0 || first is (>= '!' and <= '/') or (>= ':' and <= '@') or (>= '[' and <= '`') or (>= '{' and <= '~');

    /// <inheritdoc/>
    public override bool TryNext(ReadOnlySpan<char> text, int from, out int start, out int end)
    {
        for (start = from; start < text.Length; start = end)
        {
            var kind = CharKind.At(text, start, out int length);
            end = start + length;
            if (IsPunctuation(text[start], kind))
                return true;
        }
        end = start;
        return false;
    }
}

/// <summary>The pattern <c>\w+|[^\w\s]+</c>: runs of word characters, and runs of other signs; white space is dropped.</summary>
internal sealed class WordMatcher : Matcher
{
    /// <inheritdoc/>
    public override bool TryNext(ReadOnlySpan<char> text, int from, out int start, out int end)
    {
        start = from;
        while (start < text.Length && char.IsWhiteSpace(text[start]))
            start++;
        end = start;
        bool? word = null;
        while (end < text.Length && !char.IsWhiteSpace(text[end]))
        {
            bool isWord = IsWord(CodePoint(text, end, out int length));
            if ((word ??= isWord) != isWord)
                break;
            end += length;
        }
        return end > start;
    }

    // Alphabetic, marks, decimal numbers, connectors and joiners (Unicode Technical Standard 18, annex C).
    private static bool IsWord(int c) => c is 0x200C or 0x200D or (>= 0x24B6 and <= 0x24E9)
        || CharUnicodeInfo.GetUnicodeCategory(c) is <= UnicodeCategory.LetterNumber or UnicodeCategory.ConnectorPunctuation;
}
