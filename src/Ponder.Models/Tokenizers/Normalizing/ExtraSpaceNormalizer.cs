using System.Text;

namespace Ponder.Models.Tokenizers.Normalizing;

/// <summary>SentencePiece's <c>remove_extra_whitespaces</c>: no spaces at the ends, one between words.</summary>
internal sealed class ExtraSpaceNormalizer : Normalizer
{
    /// <inheritdoc/>
    public override ReadOnlySpan<char> Normalize(ReadOnlySpan<char> text)
    {
        var trimmed = text.Trim(' ');
        var result = new StringBuilder(trimmed.Length);
        for (int i = 0; i < trimmed.Length; i++)
        {
            if (trimmed[i] != ' ' || trimmed[i - 1] != ' ')
                result.Append(trimmed[i]);
        }
        return result.ToString();
    }
}
