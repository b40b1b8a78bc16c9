namespace Ponder.Models.Tokenizers.Splitting;

/// <summary>A pattern that matches somewhere at every position: each match is a piece. Linear in the length of the text.</summary>
internal abstract class PatternSplitter : Splitter
{
    /// <summary>The end of the match that begins at <paramref name="start"/>; after it, never at it.</summary>
    public abstract int Match(ReadOnlySpan<char> text, int start);

    /// <inheritdoc/>
    public sealed override void Split(ReadOnlySpan<char> text, bool atStart, Stages rest)
    {
        for (int start = 0; start < text.Length;)
        {
            int end = Match(text, start);
            rest.Take(text[start..end], atStart && start == 0);
            start = end;
        }
    }

    /// <summary>The end of the run of <paramref name="kinds"/> that begins at <paramref name="start"/>.</summary>
    protected static int Run(ReadOnlySpan<char> text, int start, CharKinds kinds)
    {
        while (start < text.Length && (CharKind.At(text, start, out int length) & kinds) != 0)
            start += length;
        return start;
    }

    /// <summary>
    /// <c>\s+(?!\S)|\s+</c>: white space, which leaves its last character to a word that follows, unless it has only that one.
    /// </summary>
    protected static int WhiteSpace(ReadOnlySpan<char> text, int start)
    {
        int end = Run(text, start, CharKinds.Space);
        return end < text.Length && end - start > 1 ? end - 1 : end;
    }

    /// <summary>The length of an English contraction (<c>'s 't 're 've 'm 'll 'd</c>) at <paramref name="start"/>, or 0.</summary>
    protected static int Contraction(ReadOnlySpan<char> text, int start, bool ignoreCase, bool foldsLongS = false)
    {
        if (text[start] != '\'' || start + 1 == text.Length)
            return 0;
        char first = Lower(text[start + 1], ignoreCase, foldsLongS);
        if (first is 's' or 't' or 'm' or 'd')
            return 2;
        if (start + 2 == text.Length)
            return 0;
        return (first, Lower(text[start + 2], ignoreCase, foldsLongS)) is ('r', 'e') or ('v', 'e') or ('l', 'l') ? 3 : 0;
    }

    // The long s folds to s where patterns ignore case (Unicode CaseFolding.txt); no other character folds to these letters.
    private static char Lower(char c, bool ignoreCase, bool foldsLongS) =>
        !ignoreCase ? c : c is >= 'A' and <= 'Z' ? (char)(c | 0x20) : foldsLongS && c == 'ſ' ? 's' : c;
}
