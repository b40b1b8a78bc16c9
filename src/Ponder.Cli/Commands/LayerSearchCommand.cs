using System.CommandLine;
using System.Globalization;
using Ponder.Cli.Flags;
using Ponder.Cli.Solving;
using Ponder.Models.Loading;
using Ponder.Reasoning.Layers;
using Ponder.Reasoning.Policies;
using Ponder.Reasoning.Statistics;

namespace Ponder.Cli.Commands;

/// <summary><c>ponder layers search</c>: finds a plan of layers for a task and a budget.</summary>
internal sealed class LayerSearchCommand
{
    private const int MadeUp = 40, AtOnce = 16;

    private readonly ProblemFlags _problems = new(MadeUp);
    private readonly BudgetFlags _budget = new();
    private readonly JudgeFlags _judges = new();
    private readonly SamplingFlags _sampling = new();
    private readonly EngineFlags _engine = new();
    private readonly ThoughtFlags _thoughts = new();
    private readonly Option<int> _evaluations = new("--evaluations") { Description = "Most plans to try.", HelpName = "N", DefaultValueFactory = _ => 40 };
    private readonly Option<long?> _tokens = new("--search-tokens") { Description = "Begin no plan once so many tokens were drawn in all.", HelpName = "N" };
    private readonly Option<int> _most = new("--most-samples") { Description = "Most answers that a plan generates.", HelpName = "N", DefaultValueFactory = _ => 32 };
    private readonly Option<string> _out = new("--out") { Description = "The file of the best plan; what was tried goes beside it, as .csv.", HelpName = "FILE", Required = true };
    private readonly Option<bool> _force = new("--force") { Description = "Let --out overwrite files." };
    private readonly Terminal _terminal;

    private LayerSearchCommand(Terminal terminal) => _terminal = terminal;

    /// <summary>Makes the command.</summary>
    public static Command Create(Terminal terminal)
    {
        var search = new LayerSearchCommand(terminal);
        var command = new CommandWithExamples("search", "Searches for a good plan of layers for a task and a budget, by evolution.")
        {
            Remarks = "Plans are tried on problems whose answers are known, poor ones on a part of them only. --budget-tokens is the budget of one problem; a plan that wants\n"
                + $"more is put back. Without --problems, {MadeUp} are made up (--count changes it). The model puzzles knows no requests in words: for it plans generate,\n"
                + "verify and rank. Ctrl-C writes the best so far. The same seed finds the same plan.",
            Examples =
            [
                "ponder layers search --task chain --budget-tokens 400 --out chain.json",
                "ponder layers search --task countdown --verifier none --budget-tokens 530 --evaluations 60 --out countdown.json",
                "ponder layers search model.gguf --problems gsm8k.jsonl --count 50 --reward self-certainty --budget-tokens 4000 --out plan.json",
            ],
        };
        search._problems.AddTo(command);
        search._budget.AddTo(command);
        Option[] options = [search._evaluations, search._tokens, search._most, search._out, search._force];
        foreach (var option in options)
            command.Add(option);
        search._thoughts.AddTo(command);
        search._judges.AddTo(command);
        search._sampling.AddTo(command);
        search._engine.AddTo(command);
        command.SetAction((parsed, _) => search.ExecuteAsync(parsed));
        return command;
    }

    private async Task<int> ExecuteAsync(ParseResult parsed)
    {
        ulong seed = _sampling.Read(parsed, new GenerationDefaults()).Seed;
        var work = _problems.Read(parsed, seed);
        if (work.Problems.FirstOrDefault(problem => problem.Grader is null) is { } unknown)
            throw new UsageException($"Plans are tried on problems whose answers are known, and that of problem {unknown.Id} ({unknown.Task}) is not.");
        var asking = new LayerStrategy(LayerPlan.Of(PlanPart.Of("generate", ("samples", "2")), PlanPart.Of("rank", ("by", work.IsShipped ? "reward" : "either"))));
        string? rewardName = _judges.Reward(parsed, work, [asking]);
        var (verifier, problems) = _judges.Verifier(parsed, work.Problems, [asking], _terminal);
        string path = parsed.GetValue(_out)!, log = Path.ChangeExtension(path, ".csv");
        if (log == path)
            throw new UsageException($"--out {path} is the file of the plan, and what was tried goes into {log}: name it otherwise, such as plan.json.");
        Flag.DemandNewFile(_out.Name, path, parsed.GetValue(_force));
        Flag.DemandNewFile(_out.Name, log, parsed.GetValue(_force));
        var means = new PlanMeans(rewardName is not null, verifier is not null || problems.All(problem => problem.Verifier is not null), !work.IsShipped);
        var space = PlanSpace.Usual(means, Flag.Whole(_most.Name, parsed.GetValue(_most), 1, 10_000));
        var options = new LayerSearchOptions
        {
            Evaluations = Flag.Whole(_evaluations.Name, parsed.GetValue(_evaluations), 1, 1_000_000),
            Tokens = parsed.GetValue(_tokens) is long tokens ? Flag.Whole(_tokens.Name, tokens, 1) : null,
            Problems = problems.Count,
            Seed = seed,
        };
        var settings = _thoughts.Read(parsed, work.IsShipped) with { Budget = _budget.Read(parsed), Seed = seed, Verifier = verifier };

        using var thinker = Thinker.Load(parsed, _terminal, work.Model, rewardName, _engine, options => _judges.Settings(parsed, options));
        settings = settings with { Sampling = _sampling.Read(parsed, thinker.Engine.Model.Defaults) with { Seed = seed }, Reward = thinker.Reward };
        var evaluator = new PlanEvaluator(new EnginePolicy(thinker.Engine), settings, problems) { Parallel = AtOnce };
        var search = new LayerSearch(space, evaluator.EvaluateAsync, options);
        bool isWhole = await RunAsync(search);
        if (search.Best is not { } best)
            return ExitCodes.Interrupted;
        LayerFile.Save(best.Plan, path);
        await File.WriteAllTextAsync(log, TrialTable.Write(search.Trials));
        await _terminal.Out.WriteLineAsync(Report(search, best, problems.Count, seed));
        await _terminal.Out.WriteLineAsync($"saved to {path}; what was tried is in {log}; think by it with --strategy \"layers file={path}\"");
        return isWhole ? ExitCodes.Success : ExitCodes.Interrupted;
    }

    /// <returns>False where Ctrl-C ended it.</returns>
    private async Task<bool> RunAsync(LayerSearch search)
    {
        using var interrupt = _terminal.Interrupts.Watch();
        try
        {
            await ProgressView.RunAsync(_terminal, "trying plans", report => search.RunAsync(report, interrupt.Token));
            return true;
        }
        catch (OperationCanceledException) when (interrupt.Token.IsCancellationRequested)
        {
            return false;
        }
    }

    private static string Report(LayerSearch search, Trial best, int problems, ulong seed)
    {
        int whole = search.Trials.Count(trial => trial.Scores.Count == problems);
        string about = best.Scores.Count < 2 ? "" : string.Create(CultureInfo.InvariantCulture, $" ± {StandardError.OfProportion(best.Value, best.Scores.Count):0.000}");
        string over = best.Overruns == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"; {best.Overruns:0%} of them wanted more than the budget");
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{Units.Times(search.Trials.Count, "plan")} tried on {Units.Times(problems, "problem")}, {whole} of them on all; {Units.Of(search.Trials.Sum(trial => trial.Scores.Sum(score => score.Tokens)), "tokens")}; seed {seed}\n"
                + $"best: {PlanReport.Line(best.Plan)}\n"
                + $"accuracy {best.Value:0.000}{about} on the problems that it was chosen by, which flatters it; {best.Tokens:0} tokens a problem{over}");
    }
}
