namespace Ponder.Inference.Generation;

/// <summary>
/// Looks for a text in a growing one, a character at a time: knows the longest beginning of the text that ends what was read (Knuth, Morris,
/// Pratt 1977). Steps take constant time on average and no memory.
/// </summary>
internal sealed class StopMatcherText(string text)
{
    private readonly int[] _fallback = Fallbacks(text);

    /// <summary>Characters of the text that end what was read; the text's length once it is complete.</summary>
    public int Matched { get; private set; }

    /// <summary>Reads the next character, unless the text was complete; true when it is now.</summary>
    public bool Add(char next)
    {
        Matched = Step(text, _fallback, Matched, next);
        return Matched == text.Length;
    }

    private static int Step(string text, ReadOnlySpan<int> fallback, int matched, char next)
    {
        while (matched > 0 && text[matched] != next)
            matched = fallback[matched - 1];
        return text[matched] == next ? matched + 1 : 0;
    }

    /// <summary>For every beginning of the text (by its length less 1) the longest proper one that also ends it.</summary>
    private static int[] Fallbacks(string text)
    {
        int[] fallback = new int[text.Length];
        for (int i = 1; i < text.Length; i++)
            fallback[i] = Step(text, fallback, fallback[i - 1], text[i]);
        return fallback;
    }
}
