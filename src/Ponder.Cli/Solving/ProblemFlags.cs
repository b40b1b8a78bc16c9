using System.CommandLine;
using Ponder.Reasoning.Problems;
using Ponder.Reasoning.Puzzles;
using Ponder.Reasoning.Tasks;

namespace Ponder.Cli.Solving;

/// <summary>Who is to solve what.</summary>
/// <param name="Model">The model, as the user named it.</param>
/// <param name="Problems">At least one.</param>
/// <param name="WereMadeUp">They were not given, but made up.</param>
/// <param name="File">The file that they come from; null for none.</param>
internal sealed record Assignment(string Model, IReadOnlyList<Problem> Problems, bool WereMadeUp, string? File = null)
{
    /// <summary>The policy that ships with the program is to solve them; it knows puzzles only.</summary>
    public bool IsShipped => ProblemFlags.IsShipped(Model);
}

/// <summary>The flags that say who is to solve what: model and puzzle as words, or a prompt, a task, a file.</summary>
/// <param name="madeUp">How many problems are made up where nobody says.</param>
internal sealed class ProblemFlags(int madeUp = 1)
{
    private const string Shipped = "puzzles";

    private readonly Argument<string[]> _words = new("MODEL|PUZZLE")
    {
        Description = "A model, a puzzle or question, or both in this order. " + ModelLocator.Help
            + " A puzzle is such as \"Make 24 from 3 7 8 12\" or \"a=3 b=a*4-2 c=b+a d=c-b d?\". Without a model: puzzles; without a puzzle, one is made up.",
        Arity = new ArgumentArity(0, 2),
    };

    private readonly Option<string?> _model = new("--model") { Description = "The model, by name instead of by place.", HelpName = "MODEL" };

    private readonly Option<string?> _prompt = new("--prompt", "-p") { Description = "The puzzle or question, by name instead of by place.", HelpName = "TEXT" };

    private readonly Option<string?> _task = new("--task")
    {
        Description = "What a puzzle, question or file is; countdown and chain are made up where none is given. See 'ponder strategies'.",
        HelpName = "NAME",
    };

    private readonly Option<string?> _problems = new("--problems")
    {
        Description = "Solve the problems of a file: JSONL, a line each with 'prompt', and 'answer' and 'task' where known.",
        HelpName = "FILE",
    };

    private readonly Option<int?> _count = new("--count")
    {
        Description = "Problems to make up, or to take from the start of the file.",
        HelpName = "N",
    };

    /// <summary>Whether a name is that of the policy that ships with the program.</summary>
    public static bool IsShipped(string model) => model is Shipped or "puzzles/policy";

    /// <summary>Adds them to a command.</summary>
    public void AddTo(Command command)
    {
        _task.CompletionSources.Add([.. TaskTable.All.Select(task => task.Name)]);
        command.Add(_words);
        foreach (Option option in (Option[])[_prompt, _task, _problems, _count, _model])
            command.Add(option);
    }

    /// <summary>What they say.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="seed">For problems that are made up.</param>
    /// <exception cref="UsageException">They contradict each other, or say too little.</exception>
    public Assignment Read(ParseResult parsed, ulong seed)
    {
        var (model, text) = Words(parsed);
        bool shipped = IsShipped(model);
        string? task = parsed.GetValue(_task) is string name ? TaskTable.Require(name).Name : null;
        string? file = parsed.GetValue(_problems);
        int? count = parsed.GetValue(_count) is int asked ? Flag.Whole("--count", asked, 1, 1_000_000) : null;
        if (text is not null)
        {
            if (file is not null || count is not null)
                throw new UsageException("A puzzle or question on the command line goes with neither --problems nor --count; leave one out.");
            // The shipped policy knows nothing but puzzles: any other text is refused with an example of one.
            return new Assignment(model, [TaskFile.One(task ?? (shipped ? PuzzleParser.Parse(text).Task : null), text)], false);
        }
        if (file is not null)
        {
            // A line that names no task is a puzzle when the policy knows nothing else.
            return new Assignment(model, [.. TaskFile.Read(file, task, arePuzzles: shipped).Take(count ?? int.MaxValue)], false, file);
        }
        task ??= shipped ? PuzzleTasks.Countdown : throw new UsageException(
            $"There is nothing for {ModelLocator.Find(model)} to solve: -p TEXT asks a question, --problems FILE many, --task countdown or chain makes puzzles up.");
        return PuzzleTasks.All.Contains(task)
            ? new Assignment(model, TaskFile.Generate(task, count ?? madeUp, seed), true)
            : throw new UsageException($"Problems of the task {task} are not made up as {string.Join(" and ", PuzzleTasks.All)} are: give one with -p TEXT, or many with --problems FILE.");
    }

    private (string Model, string? Text) Words(ParseResult parsed)
    {
        string[] words = parsed.GetValue(_words) ?? [];
        bool isModelFirst = words.Length == 2 || (words.Length == 1 && IsModel(words[0]));
        string? model = isModelFirst ? words[0] : null, text = words.Length == 2 ? words[1] : isModelFirst ? null : words.FirstOrDefault();
        return (OneOf("MODEL", model, "--model", parsed.GetValue(_model)) ?? Shipped, OneOf("PUZZLE", text, "--prompt", parsed.GetValue(_prompt)));
    }

    private static string? OneOf(string place, string? word, string flag, string? value) => word is not null && value is not null
        ? throw new UsageException($"{place} is given twice, as '{word}' and with {flag}; leave one out.")
        : word ?? value;

    private static bool IsModel(string word)
    {
        try
        {
            PuzzleParser.Parse(word);
            return false;
        }
        catch (PuzzleException)
        {
            return ModelLocator.IsModel(word);
        }
    }
}
