using Ponder.Reasoning.Answers.Extraction;

namespace Ponder.Reasoning.Answers;

/// <summary>
/// Answers in words: after "the answer is" or "Answer:", else in the last <c>\boxed{}</c>, else the last line.
/// Compared without case, articles, punctuation and white space.
/// </summary>
public sealed class TextAnswers : IAnswerReader
{
    private TextAnswers() { }

    /// <summary>The only one: it has no options.</summary>
    public static TextAnswers Instance { get; } = new();

    /// <inheritdoc/>
    public string? Read(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return AnswerPhrase.Last(text) is { } phrase ? BoxedText.Last(phrase) ?? phrase : BoxedText.Last(text) ?? LastLine.Of(text);
    }

    /// <inheritdoc/>
    public bool AreSame(string first, string second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        return NormalText.AreSame(first, second);
    }
}
