using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Ponder.Models.Tokenizers.Unicode;

namespace Ponder.Models.Tokenizers.Normalizing;

/// <summary>Several normalizers, one after the other.</summary>
internal sealed class SequenceNormalizer(Normalizer[] steps) : Normalizer
{
    public override ReadOnlySpan<char> Normalize(ReadOnlySpan<char> text)
    {
        foreach (var step in steps)
            text = step.Normalize(text);
        return text;
    }
}

/// <summary>A Unicode normalization form.</summary>
internal sealed class UnicodeNormalizer(NormalizationForm form) : Normalizer
{
    public override ReadOnlySpan<char> Normalize(ReadOnlySpan<char> text) => UnicodeNormalization.Normalize(text, form);
}

/// <summary>Lower case, each character by itself.</summary>
internal sealed class LowercaseNormalizer : Normalizer
{
    public override ReadOnlySpan<char> Normalize(ReadOnlySpan<char> text)
    {
        // İ is the one character whose lower case is two: i and a dot above (SpecialCasing.txt).
        string lower = text.ToString().ToLowerInvariant();
        return lower.Contains('İ', StringComparison.Ordinal) ? lower.Replace("İ", "i\u0307", StringComparison.Ordinal) : lower;
    }
}

/// <summary>Removes non-spacing marks; accents go only if the text is decomposed before.</summary>
internal sealed class StripAccentsNormalizer : Normalizer
{
    public override ReadOnlySpan<char> Normalize(ReadOnlySpan<char> text)
    {
        if (!text.ContainsAnyInRange('\u0300', char.MaxValue))
            return text;
        var result = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.GetUnicodeCategory(rune) != UnicodeCategory.NonSpacingMark)
                result.Append(rune.ToString());
        }
        return result.ToString();
    }
}

/// <summary>Puts a text before a text that is not empty.</summary>
internal sealed class PrependNormalizer(string prefix) : Normalizer
{
    public override ReadOnlySpan<char> Normalize(ReadOnlySpan<char> text) => text.IsEmpty ? text : string.Concat(prefix, text);
}

/// <summary>Replaces every occurrence of a string.</summary>
internal sealed class ReplaceNormalizer(string from, string to) : Normalizer
{
    public override ReadOnlySpan<char> Normalize(ReadOnlySpan<char> text) =>
        text.IndexOf(from) < 0 ? text : text.ToString().Replace(from, to, StringComparison.Ordinal);
}

/// <summary>Replaces every match of a pattern by a string.</summary>
internal sealed class RegexReplaceNormalizer(Regex pattern, string to) : Normalizer
{
    public override ReadOnlySpan<char> Normalize(ReadOnlySpan<char> text)
    {
        try
        {
            return pattern.IsMatch(text) ? pattern.Replace(text.ToString(), _ => to) : text;
        }
        catch (RegexMatchTimeoutException error)
        {
            throw new TokenizerException($"The normalizer's pattern {pattern} takes too long on this text.", error);
        }
    }
}

/// <summary>Removes white space at the ends.</summary>
internal sealed class StripNormalizer(bool left, bool right) : Normalizer
{
    public override ReadOnlySpan<char> Normalize(ReadOnlySpan<char> text)
    {
        text = left ? text.TrimStart() : text;
        return right ? text.TrimEnd() : text;
    }
}
