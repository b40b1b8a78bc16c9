using System.Globalization;
using System.Text;

namespace Ponder.Models.Tokenizers.Normalizing;

/// <summary>BERT's cleaning: no control characters, plain spaces, spaces around Chinese characters, no accents, lower case.</summary>
/// <param name="cleanText">Removes control characters and U+FFFD; white space becomes a space.</param>
/// <param name="spaceChinese">Makes every CJK ideograph a word.</param>
/// <param name="stripAccents">Decomposes and removes non-spacing marks.</param>
/// <param name="lowercase">Lower case.</param>
internal sealed class BertNormalizer(bool cleanText, bool spaceChinese, bool stripAccents, bool lowercase) : Normalizer
{
    private static readonly UnicodeNormalizer Decompose = new(NormalizationForm.FormD);
    private static readonly StripAccentsNormalizer Strip = new();
    private static readonly LowercaseNormalizer Lower = new();

    /// <inheritdoc/>
    public override ReadOnlySpan<char> Normalize(ReadOnlySpan<char> text)
    {
        if (cleanText || spaceChinese)
            text = CleanAndSpace(text);
        if (stripAccents)
            text = Strip.Normalize(Decompose.Normalize(text));
        return lowercase ? Lower.Normalize(text) : text;
    }

    private string CleanAndSpace(ReadOnlySpan<char> text)
    {
        var result = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (cleanText && Rune.IsWhiteSpace(rune))
                result.Append(' ');
            else if (cleanText && IsNoise(rune))
                continue;
            else if (spaceChinese && IsChinese(rune.Value))
                result.Append(' ').Append(rune.ToString()).Append(' ');
            else
                result.Append(rune.ToString());
        }
        return result.ToString();
    }

    private static bool IsNoise(Rune rune) => rune.Value is 0 or 0xFFFD
        || Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.PrivateUse;

    // The blocks of ideographs, without kana and Hangul, which are written with spaces or as words.
    private static bool IsChinese(int c) => c is (>= 0x4E00 and <= 0x9FFF) or (>= 0x3400 and <= 0x4DBF) or (>= 0x20000 and <= 0x2A6DF)
        or (>= 0x2A700 and <= 0x2B73F) or (>= 0x2B740 and <= 0x2B81F) or (>= 0x2B920 and <= 0x2CEAF)
        or (>= 0xF900 and <= 0xFAFF) or (>= 0x2F800 and <= 0x2FA1F);
}
