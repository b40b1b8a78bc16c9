using System.CommandLine;
using Ponder.Cli.Comparing;
using Ponder.Cli.Flags;
using Ponder.Cli.Pages;
using Ponder.Cli.Solving;
using Ponder.Inference;
using Ponder.Models.Loading;
using Ponder.Reasoning.Comparison;
using Ponder.Reasoning.Policies;
using Ponder.Reasoning.Sessions;

namespace Ponder.Cli.Commands;

/// <summary><c>ponder compare</c>: strategies by budgets by seeds on the same problems, held against a control.</summary>
internal sealed class CompareCommand
{
    private const ulong FirstSeed = 1;
    private const int MadeUp = 100, FewestProblems = 2;

    private readonly ProblemFlags _problems = new(MadeUp);
    private readonly GridFlags _grid = new();
    private readonly JudgeFlags _judges = new();
    private readonly ThoughtFlags _thoughts = new();
    private readonly SamplingFlags _sampling = new(FirstSeed);
    private readonly EngineFlags _engine = new();
    private readonly Option<string> _out = new("--out")
    {
        Description = "Folder of the results. What is there of the same comparison is not run again.",
        HelpName = "FOLDER",
        DefaultValueFactory = _ => "comparison",
    };
    private readonly Option<int?> _parallel = new("--parallel")
    {
        Description = "Problems at the same time; 1 to measure what one takes alone. [default: enough to fill the engine's batch]",
        HelpName = "N",
    };
    private readonly Option<bool> _json = JsonFlag.Create("what is in results.json");
    private readonly Terminal _terminal;

    private CompareCommand(Terminal terminal) => _terminal = terminal;

    /// <summary>Makes the command.</summary>
    public static Command Create(Terminal terminal)
    {
        var compare = new CompareCommand(terminal);
        var command = new CommandWithExamples("compare", "Compares strategies at the same budgets of tokens, and says which of them beats the control.")
        {
            Remarks = "Every problem that is done is a line of FOLDER/cells.jsonl; a comparison that was cut off goes on with the same command.\n"
                + "At the end FOLDER has results.csv, results.json and compare.html, a page with charts that needs no network.\n"
                + "Differences are taken problem by problem, with 95 % bootstrap intervals over problems of the mean over seeds.",
            Examples =
            [
                "ponder compare --task countdown --count 200 --budgets 130,530,2100",
                "ponder compare --problems models/puzzles/test/chain.jsonl --strategies majority,best-of-n,rebase --budgets 130,530 --out chain",
                "ponder compare model.gguf --problems gsm8k.jsonl --task gsm8k --strategies \"majority,rebase temperature=0.1\" --budgets 1k,4k --reward prm.gguf",
            ],
        };
        compare._problems.AddTo(command);
        compare._grid.AddTo(command);
        foreach (Option option in (Option[])[compare._out, compare._parallel])
            command.Add(option);
        compare._judges.AddTo(command);
        compare._sampling.AddTo(command);
        compare._thoughts.AddTo(command);
        compare._engine.AddTo(command);
        command.Add(compare._json);
        command.SetAction((parsed, _) => compare.ExecuteAsync(parsed));
        return command;
    }

    private async Task<int> ExecuteAsync(ParseResult parsed)
    {
        // All that can be wrong with the command line is, before a model is loaded.
        ulong seed = _sampling.Read(parsed, new GenerationDefaults()).Seed;
        int? parallel = parsed.GetValue(_parallel) is int asked ? Flag.Whole(_parallel.Name, asked, 1, 1_024) : null;
        var work = _problems.Read(parsed, seed);
        if (work.Problems.Count < FewestProblems)
            throw new UsageException("One problem says nothing about strategies: --problems FILE gives many, --count N makes puzzles up.");
        if (work.Problems.FirstOrDefault(problem => problem.Grader is null) is { } unknown)
            throw new UsageException($"Strategies are compared by how often they are right, and the answer of problem {unknown.Id} ({unknown.Task}) is not known.");
        var named = _grid.Named(parsed);
        string? reward = _judges.Reward(parsed, work, named);
        var grid = _grid.Read(parsed, seed, reward is not null);
        var (verifier, problems) = _judges.Verifier(parsed, work.Problems, named, _terminal);
        string folder = parsed.GetValue(_out)!;
        if (File.Exists(folder))
            throw new UsageException($"--out {folder} is a file; name a folder.");

        // No cell profits from what another one computed: what a result took does not depend on what ran before it.
        using var thinker = Thinker.Load(parsed, _terminal, work.Model, reward, _engine, options => _judges.Settings(parsed, options), cachePrefixes: false);
        var settings = _thoughts.Read(parsed, work.IsShipped) with
        {
            Sampling = _sampling.Read(parsed, thinker.Engine.Model.Defaults),
            Verifier = verifier,
            Reward = thinker.Reward,
        };
        work = work with { Problems = problems };
        var engineOptions = _engine.Read(parsed);
        var known = new GridSettings(
            work, grid, settings, reward, _judges.Settings(parsed, engineOptions).Aggregation, _judges.VerifierName(parsed), engineOptions.Precision)
            .With(thinker.Engine);
        var found = GridFile.Read(folder, known);
        Directory.CreateDirectory(folder);
        using var interrupt = _terminal.Interrupts.Watch();
        try
        {
            var policy = new EnginePolicy(thinker.Engine);
            found ??= await BeginAsync(folder, known, policy, work, settings, interrupt.Token);
            var cells = grid.Cells(found.AnswerTokens);
            using var file = CellFile.Open(Path.Combine(folder, "cells.jsonl"), cells, problems);
            await RunAsync(new Run(folder, grid, cells, work, settings, policy, file, found.AnswerTokens, parallel), interrupt.Token);
            var table = ComparisonTable.Of(grid, cells, file.Of);
            await WriteAsync(parsed, folder, new ComparisonSubject(policy.Name, SourceOf(work), reward, found.AnswerTokens), table);
            return ExitCodes.Success;
        }
        catch (OperationCanceledException)
        {
            _terminal.Note($"stopped; what is done is in {folder}, and the same command goes on from there.");
            throw;
        }
    }

    private async Task<GridFile> BeginAsync(
        string folder, IReadOnlyList<KeyValuePair<string, string>> known, EnginePolicy policy, Assignment work, SolveSettings settings, CancellationToken stop)
    {
        double tokens = await ProgressView.RunAsync(
            _terminal, "measuring answers", _ => AnswerLength.MeasureAsync(policy, work.Problems, settings, stop));
        var begun = new GridFile(known, tokens);
        begun.Write(folder);
        return begun;
    }

    private async Task RunAsync(Run run, CancellationToken stop)
    {
        int all = run.Cells.Count * run.Work.Problems.Count, before = run.File.Count;
        if (run.File.DroppedTornLine)
            _terminal.Note($"the last line of {Path.Combine(run.Folder, "cells.jsonl")} was cut off in the middle; its problem runs again.");
        if (before > 0)
            _terminal.Note($"{Units.Count(before)} of {Units.Count(all)} were done before.");
        var board = new CompareBoard(run.Grid, all, before);
        var comparison = new ComparisonRun(
            run.Cells, run.Work.Problems, run.Policy, run.Settings, run.File, cell => run.Parallel ?? AtOnce(cell, run.AnswerTokens))
        {
            KvBytesPerToken = run.Policy.Engine.KvBytesPerToken,
            OnCell = board.Begin,
            OnResult = (result, _) => board.End(result),
            Observer = board.Take,
        };
        await LiveView.RunAsync(_terminal, board, () => Done(comparison.RunAsync(stop)), writes: false);

        static async Task<bool> Done(Task task)
        {
            await task;
            return true;
        }
    }

    private async Task WriteAsync(ParseResult parsed, string folder, ComparisonSubject subject, ComparisonTable table)
    {
        string json = JsonText.Of(json => ComparisonJson.Write(json, subject, table), indented: true);
        GridFile.WriteWhole(Path.Combine(folder, "results.json"), json + "\n");
        GridFile.WriteWhole(Path.Combine(folder, "results.csv"), ComparisonCsv.Of(table));
        string page = Path.Combine(folder, "compare.html");
        GridFile.WriteWhole(page, Page.Of("compare.html", json => ComparisonJson.Write(json, subject, table)));
        if (parsed.GetValue(_json))
        {
            await _terminal.Out.WriteLineAsync(json);
            return;
        }
        new ComparisonReport(_terminal.Out).Write(subject, table);
        await _terminal.Out.WriteLineAsync($"\ncharts: {page}");
    }

    private static string SourceOf(Assignment work) =>
        work.File is string file ? Path.GetFileName(file) : $"{string.Join(" and ", work.Problems.Select(problem => problem.Task).Distinct())}, made up";

    // Enough to keep the engine's batch full: a problem of a small budget has few thoughts.
    private static int AtOnce(GridCell cell, double answerTokens) =>
        (int)Math.Clamp(2 * new EngineOptions().MaxBranches / Math.Max(1, cell.Budget / answerTokens), 4, 64);

    /// <summary>All that is decided before the grid runs.</summary>
    private sealed record Run(
        string Folder, ComparisonGrid Grid, IReadOnlyList<GridCell> Cells, Assignment Work, SolveSettings Settings, EnginePolicy Policy, CellFile File,
        double AnswerTokens, int? Parallel);
}
