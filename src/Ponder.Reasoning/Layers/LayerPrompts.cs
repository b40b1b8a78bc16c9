using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Ponder.Models.Templates;
using Ponder.Reasoning.Problems;
using Ponder.Reasoning.Rewards;

namespace Ponder.Reasoning.Layers;

/// <summary>What layers say to the policy, in the project's own words, and how its replies are read.</summary>
internal static partial class LayerPrompts
{
    /// <summary>Asks for strengths and weaknesses of a candidate.</summary>
    public static Prompt Critique(Problem problem, Candidate candidate) => About(problem, candidate,
        "Do not answer the question yourself. Say in a sentence or two what is good about this solution. Then name its weaknesses: every mistake, gap and "
        + "doubtful step, and how it could be mended.");

    /// <summary>Asks for one answer out of many. The problem's own request comes first, with what it says about the form of an answer.</summary>
    public static Prompt Fuse(Problem problem, IReadOnlyList<Candidate> candidates)
    {
        string tail = $"\n\nHere {(candidates.Count == 1 ? "is a proposed solution" : $"are {candidates.Count} proposed solutions, some better than others")}.{Listed(candidates)}\n\n"
            + "Now work out an answer of your own: keep what is right in the above, leave out what is wrong, and do not take a result for right because it stands there often. "
            + "Give the whole answer in the form that was asked for; do not speak of the proposed solutions.";
        var prompt = problem.Prompt;
        return prompt.Text is string text
            ? Prompt.Plain($"{text.TrimEnd()}{tail}\n\n")
            : Prompt.Chat([.. prompt.Turns.SkipLast(1), new ChatTurn(prompt.Turns[^1].Role, prompt.Turns[^1].Content + tail)]);
    }

    /// <summary>Asks for the order of candidates.</summary>
    public static Prompt Rank(Problem problem, IReadOnlyList<Candidate> candidates) => problem.Prompt.Instead(
        $"Question:\n{problem.Question}{Listed(candidates)}\n\n"
        + "Put the solutions in order, the one most likely to be right first. End with one line that holds all their numbers, with > between them, such as 2 > 1 > 3.");

    /// <summary>Reads an order.</summary>
    /// <param name="text">What the policy said.</param>
    /// <param name="count">How many candidates there were.</param>
    /// <returns>Places from 0, each once; empty where the text names none.</returns>
    public static IReadOnlyList<int> ReadRanking(string text, int count)
    {
        var matches = Orders.Matches(text);
        var match = matches.LastOrDefault(found => found.Value.Contains('>', StringComparison.Ordinal)) ?? matches.LastOrDefault();
        return match is null ? [] : [.. Digits.Matches(match.Value)
            .Select(number => int.TryParse(number.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out int place) ? place - 1 : -1)
            .Where(place => place >= 0 && place < count)
            .Distinct()];
    }

    /// <summary>Asks whether a candidate is right; the reply is yes or no.</summary>
    public static Prompt IsCorrect(Problem problem, Candidate candidate) => JudgePrompts.Ask(problem, candidate.Thought);

    /// <summary>Asks for statements that a right answer makes true.</summary>
    public static Prompt Checks(Problem problem, int tests) => problem.Prompt.Instead(
        $"Question:\n{problem.Question}\n\nDo not answer it. Write {tests} short statements that hold for every right answer to it and fail for wrong ones, and that can be "
        + "checked by looking at an answer. Write one line for each, with its number, and nothing else:\n1. the first statement\n2. the second");

    /// <summary>Asks whether a statement holds for a candidate; the reply is yes or no.</summary>
    public static Prompt Holds(Problem problem, Candidate candidate, string statement) =>
        About(problem, candidate, $"Statement about this solution: {statement}\n\nIs the statement true (Yes/No)?");

    /// <summary>Asks for assertions in Python.</summary>
    public static Prompt Assertions(Problem problem, int tests) => problem.Prompt.Instead(
        $"```python\n{problem.Question.TrimEnd()}\n```\n\nDo not complete this program. Write {tests} tests of the function that it begins, each one line of Python of this form:\n"
        + "assert function(arguments) == value\nTry usual and unusual arguments. Put the lines into one code block, and nothing else.");

    /// <summary>A program that runs an answer's code, then assertions one by one, and prints on its last line how many held.</summary>
    public static string Program(string code, IEnumerable<string> assertions)
    {
        var program = new StringBuilder(code).Append("\n\n_held = 0\n");
        foreach (string assertion in assertions)
        {
            // As a text, so that one that is no Python fails alone. A text in JSON without surrogates is one in Python.
            program.Append("try:\n    exec(").Append(JsonSerializer.Serialize(assertion)).Append(")\n    _held += 1\nexcept Exception:\n    pass\n");
        }
        return program.Append("print()\nprint(_held)\n").ToString();
    }

    private static Prompt About(Problem problem, Candidate candidate, string request) =>
        problem.Prompt.Instead($"Question:\n{problem.Question}\n\nSolution:\n{candidate.Thought.Text.Trim()}\n\n{request}");

    private static string Listed(IReadOnlyList<Candidate> candidates)
    {
        var text = new StringBuilder();
        for (int i = 0; i < candidates.Count; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n\nSolution {i + 1}:\n{candidates[i].Thought.Text.Trim()}");
            if (candidates[i].Critique is string critique)
                text.Append(CultureInfo.InvariantCulture, $"\n\nWhat was said about solution {i + 1}:\n{critique}");
        }
        return text.ToString();
    }

    // Numbers with > or commas between them; some models put brackets around them.
    [GeneratedRegex(@"\[?\b[0-9]{1,5}\b\]?(\s{0,4}[>,]\s{0,4}\[?\b[0-9]{1,5}\b\]?)*", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Orders { get; }

    [GeneratedRegex("[0-9]{1,5}", RegexOptions.CultureInvariant)]
    private static partial Regex Digits { get; }
}
