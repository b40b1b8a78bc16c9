using System.Globalization;

namespace Ponder.Models.Tokenizers.Splitting;

/// <summary>What the patterns of pre-tokenizers ask of a character.</summary>
[Flags]
internal enum CharKinds : byte
{
    /// <summary>None of these, a lone surrogate included: it enters the model as U+FFFD.</summary>
    Other = 1,

    /// <summary><c>\p{L}</c>.</summary>
    Letter = 2,

    /// <summary><c>\p{N}</c>.</summary>
    Number = 4,

    /// <summary><c>\s</c>: Unicode's White_Space.</summary>
    Space = 8,

    /// <summary><c>\p{P}</c>, always beside <see cref="Other"/>.</summary>
    Punctuation = 16,
}

/// <summary>Kinds of code points, from a table for the basic plane (64 KiB, filled once).</summary>
internal static class CharKind
{
    private static readonly CharKinds[] Basic = Fill();

    /// <summary>The kinds of the code point at <paramref name="index"/>, and how many UTF-16 units it has.</summary>
    public static CharKinds At(ReadOnlySpan<char> text, int index, out int length)
    {
        char c = text[index];
        length = 1;
        if (!char.IsHighSurrogate(c) || index + 1 >= text.Length || !char.IsLowSurrogate(text[index + 1]))
            return Basic[c];
        length = 2;
        return Of(char.ConvertToUtf32(c, text[index + 1]));
    }

    /// <summary>The kinds of the code point at <paramref name="index"/>; none at the end of the text.</summary>
    public static CharKinds At(ReadOnlySpan<char> text, int index) => index < text.Length ? At(text, index, out _) : 0;

    private static CharKinds[] Fill()
    {
        var kinds = new CharKinds[0x10000];
        for (int c = 0; c < kinds.Length; c++)
            kinds[c] = Of(c);
        return kinds;
    }

    private static CharKinds Of(int codePoint)
    {
        if (codePoint < 0x10000 && char.IsWhiteSpace((char)codePoint))
            return CharKinds.Space;
        return CharUnicodeInfo.GetUnicodeCategory(codePoint) switch
        {
            <= UnicodeCategory.OtherLetter => CharKinds.Letter,
            UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber => CharKinds.Number,
            >= UnicodeCategory.ConnectorPunctuation and <= UnicodeCategory.OtherPunctuation => CharKinds.Other | CharKinds.Punctuation,
            _ => CharKinds.Other,
        };
    }
}
