using Ponder.Reasoning.Answers;
using Ponder.Reasoning.Verifiers;

namespace Ponder.Reasoning.Problems;

/// <summary>
/// One thing to solve: what the policy is asked, how answers are read out of what it says, what may check them while it thinks, and what knows
/// the truth afterwards. Strategies never look at <see cref="Grader"/>.
/// </summary>
public sealed record Problem
{
    /// <summary>The problem's name in reports: its line in a file, or its id.</summary>
    public string Id { get; init; } = "1";

    /// <summary>The task that it belongs to: <c>countdown</c>, <c>gsm8k</c> …</summary>
    public string Task { get; init; } = "open";

    /// <summary>What the policy is asked.</summary>
    public required Prompt Prompt { get; init; }

    /// <summary>The question alone, as a person would put it: for judges and refinements, which ask in words of their own.</summary>
    public required string Question { get; init; }

    /// <summary>Finds the answer in a text, and tells which answers are the same.</summary>
    public required IAnswerReader Answers { get; init; }

    /// <summary>Checks an answer without knowing the truth, such as a puzzle's rules or a program's tests; null where there is no such thing.</summary>
    public IVerifier? Verifier { get; init; }

    /// <summary>Whether it is a part of another problem: what answers it is no answer to that one, and is not counted or graded with its samples.</summary>
    public bool IsPart { get; init; }

    /// <summary>Knows the truth: for reports and labelled calibration only. Null when nobody knows it.</summary>
    public IVerifier? Grader { get; init; }
}
