using System.Buffers;

namespace Ponder.Reasoning.Answers.Extraction;

/// <summary>The words in which an answer is given: "the answer is 5", "Final answer: 5", "**Answer:** 5".</summary>
internal static class AnswerPhrase
{
    private const string Word = "answer";
    private const int MaxTries = 32;

    // "the answer to the first question is 5": how far the verb may stand from its noun.
    private const int MaxGap = 60;

    private static readonly SearchValues<char> Partings = SearchValues.Create(".?!:\n${");

    private static readonly string[] Verbs = [" is ", " are ", " is:", " are:", " is\n", " would be ", " must be ", " should be "];

    /// <summary>What follows the last such words, to the end of its line, without the formula's or sentence's marks; null for none.</summary>
    public static string? Last(string text)
    {
        int end = text.Length;
        for (int i = 0; i < MaxTries && end > 0; i++)
        {
            int at = text.AsSpan(0, end).LastIndexOf(Word, StringComparison.OrdinalIgnoreCase);
            if (at < 0)
                return null;
            if (After(text, at + Word.Length) is { Length: > 0 } value)
                return value;
            end = at;
        }
        return null;
    }

    private static string? After(string text, int at)
    {
        if (at > Word.Length && char.IsLetter(text[at - Word.Length - 1]) || Verb(text.AsSpan(at)) is not int verb)
            return null;
        string rest = text[(at + verb)..].TrimStart(' ', '\t', '\r', '\n', '*', ':', '_', '`');
        if (MathSpan.Leading(rest) is string formula)
            return formula;
        int line = rest.IndexOf('\n', StringComparison.Ordinal);
        return LastLine.Unmarked(Sentence(line < 0 ? rest : rest[..line])).Trim('"', '“', '”');
    }

    /// <summary>Where the words end that belong to the noun before; null when they give no answer: "express the answer as a percentage: 2/8 …".</summary>
    private static int? Verb(ReadOnlySpan<char> text)
    {
        int direct = text.StartsWith("s", StringComparison.OrdinalIgnoreCase) ? 1 : 0;
        while (direct < text.Length && text[direct] is ' ' or '*' or '_')
            direct++;
        // "Answer (in cm): 5".
        if (direct < text.Length && text[direct] == '(' && text[direct..].IndexOf(')') is > 0 and < MaxGap and var close)
            direct += close + 1;
        if (direct < text.Length && text[direct] is ':' or '=')
            return direct + 1;
        var gap = text[..Math.Min(MaxGap, text.Length)];
        (int At, int End)? first = null;
        foreach (string verb in Verbs)
        {
            int at = gap.IndexOf(verb, StringComparison.OrdinalIgnoreCase);
            if (at >= 0 && (first is null || at < first.Value.At || at == first.Value.At && at + verb.Length > first.Value.End))
                first = (at, at + verb.Length);
        }
        // A sentence or a formula that ends between noun and verb parts them.
        return first is var (start, end) && gap[..start].IndexOfAny(Partings) < 0 ? end : null;
    }

    /// <summary>Up to the first full stop that ends a sentence; "3.5" and "a.m" hold none.</summary>
    private static string Sentence(string line)
    {
        for (int i = 0; i < line.Length; i++)
        {
            if (line[i] == '.' && (i + 1 == line.Length || char.IsWhiteSpace(line[i + 1]) || line[i + 1] == '*') && !IsChoice(line, i))
                return line[..i];
        }
        return line;
    }

    /// <summary>"A. 12 cm" is a letter with its text.</summary>
    private static bool IsChoice(string line, int stop) => stop == 1 && char.IsAsciiLetterUpper(line[0]) && stop + 1 < line.Length;
}
