using Ponder.Reasoning.Answers;
using Ponder.Reasoning.Problems;

namespace Ponder.Reasoning.Verifiers;

/// <summary>Knows the answer: a text is right when the answer read out of it is the same.</summary>
/// <param name="expected">The right answer, as the problem's author put it.</param>
/// <param name="answers">Finds the answer in a text, and compares it.</param>
public sealed class ExactAnswer(string expected, IAnswerReader answers) : IVerifier
{
    private readonly string _expected = expected ?? throw new ArgumentNullException(nameof(expected));
    private readonly IAnswerReader _answers = answers ?? throw new ArgumentNullException(nameof(answers));

    /// <inheritdoc/>
    public string Name => "answer";

    /// <inheritdoc/>
    public bool IsExact => true;

    /// <inheritdoc/>
    public string Cost => "microseconds";

    /// <inheritdoc/>
    public Task<Verdict> VerifyAsync(Problem problem, string text, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(text);
        cancellationToken.ThrowIfCancellationRequested();
        string? answer = _answers.Read(text);
        return Task.FromResult(answer is null ? new Verdict(false, null, "The text holds no answer.")
            : _answers.AreSame(answer, _expected) ? new Verdict(true, answer)
            : new Verdict(false, answer, "It is not the expected answer."));
    }
}
