using Ponder.Reasoning.Answers.Extraction;
using Ponder.Reasoning.Answers.Numbers;

namespace Ponder.Reasoning.Answers;

/// <summary>
/// Answers in mathematical notation: in the last <c>\boxed{}</c>, else after "the answer is", else the formula of the last line: its last
/// <c>$…$</c>, or what follows its last equals sign, or its last number. Compared by <see cref="MathEquality"/>.
/// </summary>
public sealed class MathAnswers : IAnswerReader
{
    private MathAnswers() { }

    /// <summary>The only one: it has no options.</summary>
    public static MathAnswers Instance { get; } = new();

    /// <inheritdoc/>
    public string? Read(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return BoxedText.Last(text) ?? AnswerPhrase.Last(text) ?? (LastLine.Of(text) is string line ? InLine(line) : null);
    }

    /// <inheritdoc/>
    public bool AreSame(string first, string second) => MathEquality.AreSame(first, second);

    private static string? InLine(string line)
    {
        if (MathSpan.Last(line) is string formula)
            return formula;
        int equals = line.LastIndexOf('=');
        string value = equals < 0 ? "" : line[(equals + 1)..].Trim().TrimEnd('.');
        return value.Length > 0 ? value : NumberScanner.Last(line)?.Text;
    }
}
