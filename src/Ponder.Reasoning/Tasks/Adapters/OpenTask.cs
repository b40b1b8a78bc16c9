using Ponder.Reasoning.Answers;
using Ponder.Reasoning.Problems;
using Ponder.Reasoning.Verifiers;

namespace Ponder.Reasoning.Tasks.Adapters;

/// <summary>Any question, put as it stands; answers are compared as mathematics where they are that, else as text.</summary>
internal static class OpenTask
{
    public static TaskRow Row { get; } = new(
        "open", "Any question, put as it stands.", "prompt or question; answer, if it is known; system",
        fields => ToProblem(fields.Text("prompt", "question"), fields.Find("system"), fields.Find("answer"), fields.Find("id") ?? fields.Place),
        text => ToProblem(text, null, null, "1"));

    private static Problem ToProblem(string question, string? system, string? answer, string id) => new()
    {
        Id = id,
        Prompt = Prompt.Ask(question, system),
        Question = question,
        Answers = MathAnswers.Instance,
        Grader = answer is null ? null : new ExactAnswer(answer.Trim(), MathAnswers.Instance),
    };
}
