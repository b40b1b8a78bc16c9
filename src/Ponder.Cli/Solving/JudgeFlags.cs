using System.CommandLine;
using Ponder.Inference;
using Ponder.Models.Files;
using Ponder.Numerics;
using Ponder.Reasoning.Problems;
using Ponder.Reasoning.Rewards;
using Ponder.Reasoning.Strategies;
using Ponder.Reasoning.Verifiers;

namespace Ponder.Cli.Solving;

/// <summary>The flags that say what judges thoughts while they come.</summary>
internal sealed class JudgeFlags
{
    private const string Shipped = "puzzles", OfTask = "task", Known = "answer", None = "none", Pattern = "regex:", Schema = "json-schema:";

    /// <summary>What a verifier may be, with a sentence about it.</summary>
    public static IReadOnlyList<(string Name, string Argument, string Summary)> Verifiers { get; } =
    [
        (OfTask, "", "What comes with the problem: a puzzle's rules, a program's tests. The default."),
        (Known, "", "Compares with the known answer: to measure what a perfect verifier would bring."),
        (None, "", "Nothing checks."),
        (Pattern, "PATTERN", "The whole answer has to match a regular expression somewhere."),
        (Schema, "FILE", "The JSON in the answer has to follow the JSON Schema of a file."),
    ];

    private readonly Option<string?> _reward = new("--reward")
    {
        Description = "Score thoughts with a reward model: a name from 'ponder strategies', or a model. [default: puzzles for the model puzzles, where the strategy needs one]",
        HelpName = "NAME|MODEL",
    };

    private readonly Option<Aggregation> _aggregation = new("--reward-aggregation")
    {
        Description = "How the rewards of a thought's steps become one.",
        HelpName = "last|min|product|mean",
    };

    private readonly Option<string> _verifier = new("--verifier")
    {
        Description = $"Check answers while thinking: {string.Join(", ", Verifiers.Select(verifier => verifier.Name + verifier.Argument))}.",
        HelpName = "NAME",
        DefaultValueFactory = _ => OfTask,
    };

    /// <summary>Adds them to a command.</summary>
    public void AddTo(Command command)
    {
        _reward.CompletionSources.Add([.. RewardTable.All.Select(row => row.Name)]);
        _verifier.CompletionSources.Add([.. Verifiers.Select(verifier => verifier.Name)]);
        command.Add(_reward);
        command.Add(_aggregation);
        command.Add(_verifier);
    }

    /// <summary>The reward's name or path; null when thoughts are not scored.</summary>
    /// <exception cref="UsageException">There is no such reward, or a strategy needs one and none is named.</exception>
    public string? Reward(ParseResult parsed, Assignment work, IReadOnlyList<IStrategy> strategies)
    {
        var needy = strategies.FirstOrDefault(strategy => strategy.NeedsReward);
        string? name = parsed.GetValue(_reward) ?? (needy is not null && work.IsShipped ? Shipped : null);
        if (name is null)
        {
            return needy is not null
                ? throw new UsageException($"The strategy {needy.Name} needs a reward: --reward NAME|MODEL, such as {string.Join(" or ", RewardTable.All.Select(row => row.Name))}.")
                : null;
        }
        if (RewardTable.All.Any(row => row.Name == name))
            return name;
        try
        {
            return ModelLocator.Find(name);
        }
        catch (Exception error) when (error is UsageException or ModelFileException && !File.Exists(name))
        {
            throw new UsageException($"There is no reward '{name}', and no model of that name here; {NearestName.Suggest(name, RewardTable.All.Select(row => row.Name))}", error);
        }
    }

    /// <summary>How it scores. What ends a step is the session's to say.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="engine">How its model uses the machine.</param>
    public RewardSettings Settings(ParseResult parsed, EngineOptions engine) => new() { Aggregation = parsed.GetValue(_aggregation), Engine = engine };

    /// <summary>The verifier as the user names it.</summary>
    public string VerifierName(ParseResult parsed) => parsed.GetValue(_verifier)!;

    /// <summary>What checks answers in place of the problems' own verifiers, and the problems with what is left of theirs.</summary>
    /// <exception cref="UsageException">There is no such verifier, it cannot be made, or a problem lacks what it needs.</exception>
    public (IVerifier? Verifier, IReadOnlyList<Problem> Problems) Verifier(ParseResult parsed, IReadOnlyList<Problem> problems, IReadOnlyList<IStrategy> strategies, Terminal terminal)
    {
        string name = VerifierName(parsed);
        if (strategies.FirstOrDefault(strategy => strategy.NeedsVerifier) is { } strategy && (name == None || (name == OfTask && problems.Any(problem => problem.Verifier is null))))
            throw new UsageException($"The strategy {strategy.Name} needs a verifier, and problem {NameOf(problems.First(p => name == None || p.Verifier is null))} has none: --verifier chooses one.");
        return name switch
        {
            OfTask => (null, problems),
            None => (null, [.. problems.Select(problem => problem with { Verifier = null })]),
            Known when problems.FirstOrDefault(problem => problem.Grader is null) is { } unknown =>
                throw new UsageException($"--verifier {Known} compares with the known answer, and for problem {NameOf(unknown)} none is known."),
            Known => (new KnownAnswer(), problems),
            _ when name.StartsWith(Pattern, StringComparison.Ordinal) => (RegexVerifier.Parse(name[Pattern.Length..]), problems),
            _ when name.StartsWith(Schema, StringComparison.Ordinal) =>
                (new JsonSchemaVerifier(TextInput.ReadFile(name[Schema.Length..], terminal)), problems),
            _ => throw new UsageException($"There is no verifier '{name}'; {NearestName.Suggest(name, Verifiers.Select(verifier => verifier.Name))}"),
        };
    }

    private static string NameOf(Problem problem) => $"{problem.Id} ({problem.Task})";

    /// <summary>Lets a strategy see the truth: what is measured so is a bound, not a result.</summary>
    private sealed class KnownAnswer : IVerifier
    {
        public string Name => Known;

        public bool IsExact => true;

        public string Cost => "that of comparing";

        public Task<Verdict> VerifyAsync(Problem problem, string text, CancellationToken cancellationToken = default) =>
            problem.Grader!.VerifyAsync(problem, text, cancellationToken);
    }
}
