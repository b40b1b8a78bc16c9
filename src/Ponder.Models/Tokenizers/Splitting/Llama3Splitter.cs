namespace Ponder.Models.Tokenizers.Splitting;

/// <summary>The pattern of Llama 3 (numbers in groups of up to three) and of Qwen 2 (digits one by one), read by hand.</summary>
/// <param name="maxDigits">Digits of a piece.</param>
/// <param name="foldsLongS">The pattern ignores case by Unicode's rules, where ſ is an s, instead of spelling both cases out.</param>
internal sealed class Llama3Splitter(int maxDigits, bool foldsLongS = true) : PatternSplitter
{
    /// <summary>Llama 3's pattern as tokenizer files write it.</summary>
    public const string Llama3Pattern = Contractions + Words + @"|\p{N}{1,3}" + Others;

    /// <summary>Qwen 2's pattern as tokenizer files write it.</summary>
    public const string Qwen2Pattern = Contractions + Words + @"|\p{N}" + Others;

    /// <summary>Llama 3's pattern with both cases spelled out.</summary>
    public const string SpelledLlama3Pattern = SpelledContractions + Words + @"|\p{N}{1,3}" + Others;

    /// <summary>Qwen 2's pattern with both cases spelled out.</summary>
    public const string SpelledQwen2Pattern = SpelledContractions + Words + @"|\p{N}" + Others;

    private const string Contractions = @"(?i:'s|'t|'re|'ve|'m|'ll|'d)";
    private const string SpelledContractions = "(?:'[sS]|'[tT]|'[rR][eE]|'[vV][eE]|'[mM]|'[lL][lL]|'[dD])";
    private const string Words = @"|[^\r\n\p{L}\p{N}]?\p{L}+";
    private const string Others = @"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    /// <inheritdoc/>
    public override int Match(ReadOnlySpan<char> text, int start)
    {
        if (Contraction(text, start, ignoreCase: true, foldsLongS) is > 0 and var contraction)
            return start + contraction;
        char c = text[start];
        var kind = CharKind.At(text, start, out int length);
        if (kind == CharKinds.Letter)
            return Run(text, start, CharKinds.Letter);
        if (kind == CharKinds.Number)
            return Digits(text, start);
        // One character of any other kind but a line end may open a word.
        if (c is not ('\r' or '\n') && CharKind.At(text, start + length) == CharKinds.Letter)
            return Run(text, start + length, CharKinds.Letter);
        int sign = c == ' ' ? start + 1 : start;
        if ((CharKind.At(text, sign) & CharKinds.Other) != 0)
            return LineEnds(text, Run(text, sign, CharKinds.Other));
        return Blank(text, start);
    }

    private int Digits(ReadOnlySpan<char> text, int start)
    {
        for (int count = 0; count < maxDigits && start < text.Length; count++)
        {
            if (CharKind.At(text, start, out int length) != CharKinds.Number)
                break;
            start += length;
        }
        return start;
    }

    private static int LineEnds(ReadOnlySpan<char> text, int start)
    {
        while (start < text.Length && text[start] is '\r' or '\n')
            start++;
        return start;
    }

    // \s*[\r\n]+ reaches to the last line end of the white space; without one the usual rule holds.
    private static int Blank(ReadOnlySpan<char> text, int start)
    {
        int end = Run(text, start, CharKinds.Space);
        int lineEnd = text[start..end].LastIndexOfAny('\r', '\n');
        return lineEnd >= 0 ? start + lineEnd + 1 : WhiteSpace(text, start);
    }
}
