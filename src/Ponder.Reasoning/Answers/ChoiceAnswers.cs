using System.Text.RegularExpressions;
using Ponder.Reasoning.Answers.Extraction;

namespace Ponder.Reasoning.Answers;

/// <summary>
/// Answers that are the letter of a choice: in the last <c>\boxed{}</c>, else after "the answer is" or "Answer:", else a last line of nothing
/// but the letter, else the last letter in parentheses. Read back as a capital letter.
/// </summary>
public sealed partial class ChoiceAnswers : IAnswerReader
{
    private readonly string _letters;

    /// <summary>Creates the reader.</summary>
    /// <param name="letters">The letters that there are to choose from; case does not matter.</param>
    /// <exception cref="ArgumentException">There are none, or one is no letter from A to Z.</exception>
    public ChoiceAnswers(string letters = "ABCDEFGHIJ")
    {
        ArgumentException.ThrowIfNullOrEmpty(letters);
        if (!letters.All(char.IsAsciiLetter))
            throw new ArgumentException($"Choices are letters from A to Z; \"{letters}\" holds something else.", nameof(letters));
        _letters = letters.ToUpperInvariant();
    }

    // A letter at the start: bare capitals, or any in parentheses or followed by one: "C", "(c)", "c) 12", "**C**", "\text{(C)}", "option C".
    [GeneratedRegex("""
        ^ (?: [\s*_"'“`$.:{] | \\text | \\textbf | \\mathrm | \\mathbf | \\mbox | option | choice | letter )*
        (?: [(\[] \s* (?<letter>[A-Za-z]) \s* [)\]] | (?<letter>[A-Z]) (?![\p{L}\d'’]) | (?<letter>[a-z]) (?: \) | \s* $ ) )
        """, RegexOptions.IgnorePatternWhitespace | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1_000)]
    private static partial Regex Leading { get; }

    [GeneratedRegex(@"\((?<letter>[A-Za-z])\)", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1_000)]
    private static partial Regex Bracketed { get; }

    // "C", "C." or "C) 12 cm", alone on the last line.
    [GeneratedRegex(@"^[*_`""'($\s]*(?<letter>[A-Z])(?:[)*_`""'$.\s]*$|[.):]\s)", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1_000)]
    private static partial Regex Line { get; }

    /// <inheritdoc/>
    public string? Read(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Letter(Leading, BoxedText.Last(text)) ?? Letter(Leading, AnswerPhrase.Last(text))
            ?? Letter(Line, LastLine.Of(text)) ?? LastBracketed(text);
    }

    /// <inheritdoc/>
    public bool AreSame(string first, string second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        return Letter(Leading, first) is string a && Letter(Leading, second) is string b
            ? a == b
            : NormalText.AreSame(first, second);
    }

    private string? LastBracketed(string text)
    {
        string? last = null;
        foreach (Match match in Bracketed.Matches(text))
            last = Letter(match) ?? last;
        return last;
    }

    private string? Letter(Regex pattern, string? text) => text is null ? null : Letter(pattern.Match(text));

    private string? Letter(Match match)
    {
        string letter = match.Groups["letter"].Value.ToUpperInvariant();
        return letter.Length == 1 && _letters.Contains(letter[0], StringComparison.Ordinal) ? letter : null;
    }
}
