using Ponder.Reasoning.Answers;
using Ponder.Reasoning.Problems;
using Ponder.Reasoning.Verifiers;

namespace Ponder.Reasoning.Tasks.Adapters;

/// <summary>
/// Problems in words with one right answer: GSM8K (Cobbe et al., arXiv 2110.14168), whose answers are numbers behind <c>####</c>; MATH
/// (Hendrycks et al., arXiv 2103.03874), SVAMP (Patel et al., arXiv 2103.07191) and ASDiv (Miao et al., arXiv 2106.15772), each with its own spelling.
/// </summary>
internal static class WordProblemTask
{
    private const string Mark = "####";

    public static TaskRow Gsm8k { get; } = new(
        "gsm8k", "Grade-school problems in words; the answer is a number.", "question, answer",
        fields => ToProblem("gsm8k", TaskPrompts.Number, NumberAnswers.Instance, Question(fields), Truth(fields), fields),
        text => ToProblem("gsm8k", TaskPrompts.Number, NumberAnswers.Instance, text, null, null));

    public static TaskRow Math { get; } = new(
        "math", "Problems of mathematics; the answer is any expression (MATH, SVAMP, ASDiv).", "problem or question, and body; answer",
        fields => ToProblem("math", TaskPrompts.Math, MathAnswers.Instance, Question(fields), Truth(fields), fields),
        text => ToProblem("math", TaskPrompts.Math, MathAnswers.Instance, text, null, null));

    private static string Question(TaskFields fields)
    {
        string question = fields.Text("problem", "question", "Question", "prompt");
        return fields.Find("body", "Body") is string body ? $"{Sentence(body)} {question}" : question;
    }

    // Some bodies end in the middle of a sentence that the question goes on with, and some without a full stop.
    private static string Sentence(string body) => body.TrimEnd() is [.., '.' or '?' or '!' or ',' or ';' or ':'] whole ? whole : $"{body.TrimEnd()},";

    private static string Truth(TaskFields fields)
    {
        string answer = fields.Text("answer", "Answer");
        int mark = answer.LastIndexOf(Mark, StringComparison.Ordinal);
        string truth = (mark < 0 ? answer : answer[(mark + Mark.Length)..]).Trim();
        return truth.Length > 0 ? truth : throw new TaskException($"the field answer has nothing after {Mark}");
    }

    private static Problem ToProblem(string task, string instruction, IAnswerReader answers, string question, string? truth, TaskFields? fields) => new()
    {
        Id = fields?.Find("id", "unique_id", "ID", "idx") ?? fields?.Place ?? "1",
        Task = task,
        Prompt = TaskPrompts.Ask(question, instruction, fields?.Find("system")),
        Question = question,
        Answers = answers,
        Grader = truth is null ? null : new ExactAnswer(truth, answers),
    };
}
