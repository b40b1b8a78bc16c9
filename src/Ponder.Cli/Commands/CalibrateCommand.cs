using System.CommandLine;
using Ponder.Cli.Calibrating;
using Ponder.Cli.Flags;
using Ponder.Cli.Solving;
using Ponder.Models.Loading;
using Ponder.Reasoning.Auto;
using Ponder.Reasoning.Comparison;
using Ponder.Reasoning.Policies;
using Ponder.Reasoning.Problems;
using Ponder.Reasoning.Puzzles;
using Ponder.Reasoning.Rewards;
using Ponder.Reasoning.Strategies;
using Ponder.Reasoning.Tasks;

namespace Ponder.Cli.Commands;

/// <summary><c>ponder calibrate</c>: tries strategies at budgets on problems with known answers, for the strategy <c>auto</c> to choose by.</summary>
internal sealed class CalibrateCommand
{
    private const string Shipped = "puzzles", None = "none";
    private const ulong UsualSeed = 20_260_101;                 // problems of its own: neither the test files' nor those of small seeds

    private readonly Argument<string> _model = new("MODEL")
    {
        Description = ModelLocator.Help,
        Arity = ArgumentArity.ZeroOrOne,
        DefaultValueFactory = _ => Shipped,
    };
    private readonly Option<string[]> _task = new("--task")
    {
        Description = "A kind of problems: countdown or chain, which are made up, or what the file holds; may be repeated. [default: both, or all of the file]",
        HelpName = "NAME",
    };
    private readonly Option<string?> _problems = new("--problems") { Description = "Problems with known answers, in place of made-up ones.", HelpName = "FILE" };
    private readonly Option<int> _count = new("--count") { Description = "Problems of each task.", HelpName = "N", DefaultValueFactory = _ => 200 };
    private readonly Option<string> _budgets = new("--budgets")
    {
        Description = "Tokens a problem, with commas between them.",
        HelpName = "N,N",
        DefaultValueFactory = _ => "130,530,2100",
    };
    private readonly Option<string> _strategies = new("--strategies")
    {
        Description = "Strategies with commas between them; one that does not say its size is tried in a few that fit the budget.",
        HelpName = "LIST",
        DefaultValueFactory = _ => string.Join(",", CalibrationOptions.DefaultStrategies),
    };
    private readonly Option<int> _seeds = new("--seeds") { Description = "Runs of every search.", HelpName = "N", DefaultValueFactory = _ => 1 };
    private readonly Option<int> _probes = new("--probes") { Description = "Answers that difficulty is told from.", HelpName = "N", DefaultValueFactory = _ => 4 };
    private readonly Option<string?> _reward = new("--reward")
    {
        Description = "Score thoughts with a reward model: a name from 'ponder strategies', or a model; none for none. [default: puzzles for the model puzzles]",
        HelpName = "NAME|MODEL",
    };
    private readonly ThoughtFlags _thoughts = new();
    private readonly Option<string> _out = new("--out", "-o") { Description = "The file of the calibration.", HelpName = "FILE", Required = true };
    private readonly Option<bool> _force = new("--force") { Description = "Let --out overwrite a file." };
    private readonly SamplingFlags _sampling = new();
    private readonly EngineFlags _engine = new();
    private readonly Terminal _terminal;

    private CalibrateCommand(Terminal terminal) => _terminal = terminal;

    /// <summary>Makes the command.</summary>
    public static Command Create(Terminal terminal)
    {
        var calibrate = new CalibrateCommand(terminal);
        var command = new CommandWithExamples("calibrate", "Finds out which strategies suit a model and a budget; 'auto' chooses by it.")
        {
            Remarks = "Strategies that draw whole answers are replayed on one pool of them; searches are run, and those that clearly fall behind are not run to the end.\n"
                + "The file is of this model alone. It holds figures of every strategy at every budget, how they saturate, and what the reward does to those who trust it.\n"
                + "Ctrl-C leaves no file; the same seed makes the same figures again.",
            Examples =
            [
                "ponder calibrate --task countdown --task chain --out puzzles.calibration.json",
                "ponder solve --task chain --count 20 --budget-tokens 530 --strategy auto --set table=puzzles.calibration.json",
                "ponder calibrate model.gguf --problems train.jsonl --budgets 1000,4000 --reward self-certainty --out model.calibration.json",
            ],
        };
        command.Add(calibrate._model);
        Option[] options =
        [
            calibrate._task, calibrate._problems, calibrate._count, calibrate._budgets, calibrate._strategies, calibrate._seeds, calibrate._probes, calibrate._reward,
            calibrate._out, calibrate._force,
        ];
        foreach (var option in options)
            command.Add(option);
        calibrate._thoughts.AddTo(command);
        calibrate._sampling.AddTo(command);
        calibrate._engine.AddTo(command);
        command.SetAction((parsed, _) => calibrate.ExecuteAsync(parsed));
        return command;
    }

    private async Task<int> ExecuteAsync(ParseResult parsed)
    {
        // All that can be wrong with the command line is, before a model is loaded.
        string model = parsed.GetValue(_model)!, path = parsed.GetValue(_out)!;
        bool isShipped = ProblemFlags.IsShipped(model);
        ulong seed = _sampling.SeedIsRandom(parsed) ? UsualSeed : _sampling.Read(parsed, new GenerationDefaults()).Seed;
        Flag.DemandNewFile(_out.Name, path, parsed.GetValue(_force));
        var tasks = Tasks(parsed, isShipped, seed);
        string? reward = Reward(parsed, isShipped);
        var options = new CalibrationOptions
        {
            Budgets = TokenBudgets.Parse(parsed.GetValue(_budgets)!),
            Strategies = Strategies(parsed, reward is not null),
            Seeds = Flag.Whole(_seeds.Name, parsed.GetValue(_seeds), 1, 1000),
            Probes = Flag.Whole(_probes.Name, parsed.GetValue(_probes), 1, 1000),
            Settings = _thoughts.Read(parsed, isShipped) with { Seed = seed },
        };

        using var thinker = Thinker.Load(parsed, _terminal, model, reward, _engine, machine => new RewardSettings { Engine = machine });
        var sampling = _sampling.Read(parsed, thinker.Engine.Model.Defaults) with { Seed = seed };
        options = options with { Settings = options.Settings with { Reward = thinker.Reward, Sampling = sampling } };
        using var interrupt = _terminal.Interrupts.Watch();
        var table = await ProgressView.RunAsync(
            _terminal, "calibrating", report => new Calibrator(new EnginePolicy(thinker.Engine), options).MakeAsync(tasks, report, interrupt.Token));
        CalibrationFile.Save(table, path);
        await _terminal.Out.WriteLineAsync(CalibrationReport.Text(table));
        await _terminal.Out.WriteLineAsync($"saved to {path}; use it with --strategy auto --set table={path}");
        return ExitCodes.Success;
    }

    private string? Reward(ParseResult parsed, bool isShipped) => parsed.GetValue(_reward) switch
    {
        null => isShipped ? Shipped : null,
        None => null,
        var name => RewardTable.All.Any(row => row.Name == name) ? name : ModelLocator.Find(name),
    };

    private Dictionary<string, IReadOnlyList<Problem>> Tasks(ParseResult parsed, bool isShipped, ulong seed)
    {
        int count = Flag.Whole(_count.Name, parsed.GetValue(_count), 3, 1_000_000);
        string[] named = [.. (parsed.GetValue(_task) ?? []).Select(name => TaskTable.Require(name).Name).Distinct()];
        if (parsed.GetValue(_problems) is string file)
        {
            var problems = TaskFile.Read(file, named.Length == 1 ? named[0] : null, arePuzzles: isShipped);
            return problems.GroupBy(problem => problem.Task).Where(task => named.Length == 0 || named.Contains(task.Key))
                .ToDictionary(task => task.Key, task => (IReadOnlyList<Problem>)[.. task.Take(count)]) is { Count: > 0 } tasks
                ? tasks : throw new UsageException($"{file} holds no problem of {string.Join(" or ", named)}.");
        }
        if (named.Length == 0)
        {
            named = isShipped ? [.. PuzzleTasks.All] : throw new UsageException(
                "There is nothing to calibrate on: --problems FILE gives problems with known answers, --task countdown or chain makes puzzles up.");
        }
        return named.ToDictionary(task => task, task => TaskFile.Generate(task, count, seed));
    }

    // Of those that nobody named, the ones that can be run.
    private string[] Strategies(ParseResult parsed, bool hasReward)
    {
        string[] all = [.. StrategyText.Split(parsed.GetValue(_strategies)!)];
        string[] able = [.. all.Where(text => hasReward || !StrategyText.Create(text).NeedsReward)];
        bool wereNamed = parsed.GetResult(_strategies) is { Implicit: false };
        return wereNamed && able.Length < all.Length
            ? throw new UsageException($"The strategy {all.Except(able).First()} needs a reward: --reward NAME|MODEL.")
            : able;
    }
}
