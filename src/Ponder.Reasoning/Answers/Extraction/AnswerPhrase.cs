using System.Buffers;

namespace Ponder.Reasoning.Answers.Extraction;

/// <summary>The words in which an answer is given: "the answer is 5", "Final answer: 5", "**Answer:** 5".</summary>
internal static class AnswerPhrase
{
    private const string Word = "answer";
    private const int MaxTries = 32;

    // "the answer to the first question is 5": how far the verb may stand from its noun.
    private const int MaxGap = 60;

    private static readonly SearchValues<char> Partings = SearchValues.Create(".?!\n${");

    private static readonly string[] Verbs = [":", "=", " is ", " are ", " is:", " are:", " is\n", " would be ", " must be ", " should be "];

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
        var gap = text.AsSpan(at, Math.Min(MaxGap, text.Length - at));
        int verb = -1, after = -1;
        foreach (string candidate in Verbs)
        {
            int found = gap.IndexOf(candidate, StringComparison.OrdinalIgnoreCase);
            if (found >= 0 && (verb < 0 || found < verb || found == verb && found + candidate.Length > after))
                (verb, after) = (found, found + candidate.Length);
        }
        // A sentence or a formula that ends between noun and verb parts them.
        if (verb < 0 || gap[..verb].IndexOfAny(Partings) >= 0)
            return null;
        string rest = text[(at + after)..].TrimStart(' ', '\t', '\r', '\n', '*', ':', '_', '`');
        if (MathSpan.Leading(rest) is string formula)
            return formula;
        int line = rest.IndexOf('\n', StringComparison.Ordinal);
        return LastLine.Unmarked(Sentence(line < 0 ? rest : rest[..line])).Trim('"', '“', '”');
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
