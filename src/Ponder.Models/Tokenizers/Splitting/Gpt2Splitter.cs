namespace Ponder.Models.Tokenizers.Splitting;

/// <summary>GPT-2's pattern, read by hand: <see cref="Pattern"/>.</summary>
internal sealed class Gpt2Splitter : PatternSplitter
{
    /// <summary>The pattern as tokenizer files write it.</summary>
    public const string Pattern = @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";

    /// <inheritdoc/>
    public override int Match(ReadOnlySpan<char> text, int start)
    {
        if (Contraction(text, start, ignoreCase: false) is > 0 and var length)
            return start + length;
        int word = text[start] == ' ' ? start + 1 : start;
        return CharKind.At(text, word) switch
        {
            CharKinds.Letter => Run(text, word, CharKinds.Letter),
            CharKinds.Number => Run(text, word, CharKinds.Number),
            0 or CharKinds.Space => WhiteSpace(text, start),
            _ => Run(text, word, CharKinds.Other),
        };
    }
}
