using System.Text.RegularExpressions;
using Ponder.Reasoning.Problems;
using Ponder.Reasoning.Verifiers.Code;

namespace Ponder.Reasoning.Tasks.Adapters;

/// <summary>
/// A function to write, and its tests: HumanEval (Chen et al., arXiv 2107.03374) in Python, and in C# as MultiPL-E translates it (Cassano et al.,
/// arXiv 2208.08227).
/// </summary>
internal static partial class CodeTask
{
    public static TaskRow Row { get; } = new(
        "humaneval", "A function to write in Python or C#; checked by its tests, in a confined process.", "prompt, test or tests; entry_point; language",
        Read, Ask: null);

    private static Problem Read(TaskFields fields)
    {
        string prompt = fields.Text("prompt");
        string tests = fields.Text("tests", "test");
        string named = fields.Find("language") ?? "python";
        bool isSharp = named is "cs" or "csharp" or "c#";
        if (!isSharp && named is not ("python" or "py"))
            throw new TaskException($"the field language is '{named}', where python and cs can be run");
        string? entry = isSharp ? null : fields.Find("entry_point") ?? EntryPoint(prompt, tests);
        var verifier = new CodeVerifier(new CodeProblem(isSharp ? CodeLanguage.CSharp : CodeLanguage.Python, prompt, tests, entry));
        return new Problem
        {
            Id = fields.Find("id", "task_id", "name") ?? fields.Place,
            Task = Row.Name,
            Prompt = Prompt.Ask(isSharp ? TaskPrompts.Code("C#", "csharp", prompt) : TaskPrompts.Code("Python", "python", prompt), fields.Find("system")),
            Question = prompt,
            Answers = new CodeAnswers(isSharp ? CodeLanguage.CSharp : CodeLanguage.Python),
            Verifier = verifier,
            Grader = verifier,
        };
    }

    // Files without the name call "check(NAME)" at the end of the tests; otherwise the last function that the prompt begins is meant.
    private static string EntryPoint(string prompt, string tests)
    {
        var match = Check().Matches(tests).LastOrDefault() ?? Function().Matches(prompt).LastOrDefault() ?? throw new TaskException("the field entry_point is missing");
        return match.Groups["name"].Value;
    }

    [GeneratedRegex(@"^check\((?<name>\w+)\)\s*$", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Check();

    [GeneratedRegex(@"^def (?<name>\w+)\(", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Function();
}
