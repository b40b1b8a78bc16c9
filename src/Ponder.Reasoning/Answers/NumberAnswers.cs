using Ponder.Reasoning.Answers.Extraction;
using Ponder.Reasoning.Answers.Numbers;

namespace Ponder.Reasoning.Answers;

/// <summary>
/// Answers that are one number, as in grade-school problems: after the last <c>####</c>, else in the last <c>\boxed{}</c>, else after
/// "the answer is", else the last number of the text. Numbers are compared exactly; a decimal stands for what rounds to it within one part
/// in 10,000, and a percentage for its number or its fraction.
/// </summary>
public sealed class NumberAnswers : IAnswerReader
{
    private NumberAnswers() { }

    /// <summary>The only one: it has no options.</summary>
    public static NumberAnswers Instance { get; } = new();

    /// <inheritdoc/>
    public string? Read(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var number = First(HashLine.Last(text)) ?? First(BoxedText.Last(text)) ?? First(AnswerPhrase.Last(text)) ?? NumberScanner.Last(text);
        return number?.Text;
    }

    /// <inheritdoc/>
    /// <remarks>Words around a number do not count: <c>9 (apples)</c> is 9.</remarks>
    public bool AreSame(string first, string second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        if (string.Equals(first, second, StringComparison.Ordinal))
            return true;
        return NumberScanner.First(first) is WrittenNumber a && NumberScanner.First(second) is WrittenNumber b
            ? a.AgreesWith(b)
            : NormalText.AreSame(first, second);
    }

    private static WrittenNumber? First(string? text) => text is null ? null : NumberScanner.First(text);
}
