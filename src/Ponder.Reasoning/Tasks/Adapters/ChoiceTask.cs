using System.Text.RegularExpressions;
using Ponder.Reasoning.Answers;
using Ponder.Reasoning.Problems;
using Ponder.Reasoning.Verifiers;

namespace Ponder.Reasoning.Tasks.Adapters;

/// <summary>BIG-Bench Hard (Suzgun et al., arXiv 2210.09261): a letter where the question lists options <c>(A)</c>, <c>(B)</c> …, else a short text.</summary>
internal static partial class ChoiceTask
{
    public static TaskRow Row { get; } = new(
        "bbh", "Hard questions of many kinds; the answer is a letter of a list, or a short text.", "input, target; or examples, a list of these",
        fields => ToProblem(fields.Text("input", "question", "prompt"), fields.Text("target", "answer"), fields),
        text => ToProblem(text, null, null));

    private static Problem ToProblem(string question, string? target, TaskFields? fields)
    {
        string letters = string.Concat(Option().Matches(question).Select(match => match.Groups["letter"].Value).Distinct());
        // A few questions list options and yet give a text as the right answer: these are asked for the text.
        string? letter = target is not null && Letter().Match(target.Trim()) is { Success: true } match ? match.Groups["letter"].Value : null;
        bool isChoice = letters.Length > 1 && (target is null || (letter is not null && letters.Contains(letter, StringComparison.Ordinal)));
        IAnswerReader answers = isChoice ? new ChoiceAnswers(letters) : TextAnswers.Instance;
        // "(B)" and "B" are the same choice; its letter is what readers give.
        string? truth = isChoice ? letter : target?.Trim();
        return new Problem
        {
            Id = fields?.Find("id") ?? fields?.Place ?? "1",
            Task = Row.Name,
            Prompt = TaskPrompts.Ask(question, isChoice ? TaskPrompts.Choice : TaskPrompts.Text, fields?.Find("system")),
            Question = question,
            Answers = answers,
            Grader = truth is null ? null : new ExactAnswer(truth, answers),
        };
    }

    [GeneratedRegex(@"^\s*\((?<letter>[A-Z])\) ", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Option();

    [GeneratedRegex(@"^\(?(?<letter>[A-Z])\)?$", RegexOptions.ExplicitCapture)]
    private static partial Regex Letter();
}
