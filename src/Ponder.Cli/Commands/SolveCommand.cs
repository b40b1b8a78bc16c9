using System.CommandLine;
using System.Diagnostics;
using Ponder.Cli.Flags;
using Ponder.Cli.Solving;
using Ponder.Reasoning.Puzzles;
using Ponder.Reasoning.Solving;

namespace Ponder.Cli.Commands;

/// <summary><c>ponder solve</c>: thinks puzzles through several times, checks or votes, and accounts for it.</summary>
internal sealed class SolveCommand
{
    private readonly Argument<string?> _puzzle = new("PUZZLE")
    {
        Description = "A puzzle such as \"Make 24 from 3 7 8 12\" or \"a=3 b=a*4-2 c=b+a d=c-b d?\". Without one, a puzzle is made up.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string?> _task = new("--task")
    {
        Description = "What to make up, or what a file holds: countdown or chain.",
        HelpName = "NAME",
    };
    private readonly Option<string?> _problems = new("--problems")
    {
        Description = "Solve the puzzles of a JSONL file, a line each with 'prompt'.",
        HelpName = "FILE",
    };
    private readonly Option<int?> _count = new("--count")
    {
        Description = "Puzzles to make up, or to take from the start of the file.",
        HelpName = "N",
    };
    private readonly Option<int> _samples = new("--samples")
    {
        Description = "Times to think each puzzle through.",
        HelpName = "N",
        DefaultValueFactory = _ => 64,
    };
    private readonly Option<ulong?> _seed = SeedFlag.Create();
    private readonly Option<double> _temperature = new("--temperature")
    {
        Description = "0 always takes the most likely token.",
        HelpName = "T",
        DefaultValueFactory = _ => 1,
    };
    private readonly Option<int> _maxTokens = new("--max-tokens")
    {
        Description = "Most tokens of a sample.",
        HelpName = "N",
        DefaultValueFactory = _ => 128,
    };
    private readonly Option<string> _model = new("--model")
    {
        Description = ModelLocator.Help,
        HelpName = "MODEL",
        DefaultValueFactory = _ => "puzzles",
    };
    private readonly Option<bool> _json = JsonFlag.Create("a line for each problem, then one with the summary");
    private readonly EngineFlags _engine = new();
    private readonly Terminal _terminal;

    private SolveCommand(Terminal terminal) => _terminal = terminal;

    /// <summary>Makes the command.</summary>
    public static Command Create(Terminal terminal)
    {
        var solve = new SolveCommand(terminal);
        var command = new CommandWithExamples("solve", "Solves a puzzle by thinking it through several times.")
        {
            Remarks = "A small model that ships with Ponder draws the samples in one batch. Countdown answers are checked exactly, chain answers put to a vote.",
            Examples =
            [
                "ponder solve",
                "ponder solve \"Make 24 from 3 7 8 12\"",
                "ponder solve --task chain --count 20 --samples 32 --seed 1",
                "ponder solve --problems models/puzzles/test/countdown.jsonl --json > results.jsonl",
            ],
        };
        command.Add(solve._puzzle);
        Option[] options =
        [
            solve._task, solve._problems, solve._count, solve._samples, solve._seed, solve._temperature, solve._maxTokens, solve._model,
        ];
        foreach (var option in options)
            command.Add(option);
        solve._engine.AddTo(command);
        command.Add(solve._json);
        command.SetAction((parsed, _) => solve.ExecuteAsync(parsed));
        return command;
    }

    private async Task<int> ExecuteAsync(ParseResult parsed)
    {
        var options = new SolveOptions
        {
            Samples = Demand(parsed.GetValue(_samples), "--samples", 1, 100_000),
            Seed = SeedFlag.Of(parsed, _seed),
            Temperature = parsed.GetValue(_temperature),
            MaxTokens = Demand(parsed.GetValue(_maxTokens), "--max-tokens", 1, 1_000_000),
        };
        var puzzles = Puzzles(parsed, options.Seed);
        foreach (string caution in puzzles.Select(p => p.Caution).OfType<string>().Distinct())
            _terminal.Note(caution);
        using var engine = _engine.Load(parsed, _terminal, parsed.GetValue(_model)!);
        var solver = new RepeatedSampling(engine, options);
        using var interrupt = _terminal.Interrupts.Watch();
        bool json = parsed.GetValue(_json), single = puzzles.Count == 1;
        var report = new SolveReport(_terminal.Out);
        if (!json && single)
            await _terminal.WriteNowAsync(SolveReport.Heading(puzzles[0], options, WasMadeUp(parsed)));

        long start = Stopwatch.GetTimestamp();
        var results = await ProgressView.RunAsync(
            _terminal, "thinking", report => SolveAsync(solver, options.Samples, puzzles, json, report, interrupt.Token));
        var summary = SolveSummary.Of(results, Stopwatch.GetElapsedTime(start).TotalSeconds);
        if (json)
            await _terminal.Out.WriteLineAsync(SolveJson.Line(summary));
        else if (single)
            report.Write(results[0], options.Seed);
        else
            report.Write(results, summary, options);
        if (json && parsed.GetValue(_seed) is null)
            _terminal.Note($"seed {options.Seed}");
        return single && results[0].Answer is null ? ExitCodes.Failure : ExitCodes.Success;
    }

    private async Task<List<PuzzleResult>> SolveAsync(
        RepeatedSampling solver, int samples, IReadOnlyList<IPuzzle> puzzles, bool json, Action<double> report, CancellationToken stop)
    {
        var results = new List<PuzzleResult>();
        long finished = 0, all = (long)puzzles.Count * samples;
        await foreach (var result in solver.SolveAsync(puzzles, (_, _) => report((double)Interlocked.Increment(ref finished) / all), stop))
        {
            results.Add(result);
            if (json)
                await _terminal.WriteNowAsync(SolveJson.Line(result) + "\n");
        }
        return results;
    }

    private bool WasMadeUp(ParseResult parsed) => parsed.GetValue(_puzzle) is null && parsed.GetValue(_problems) is null;

    private IReadOnlyList<IPuzzle> Puzzles(ParseResult parsed, ulong seed)
    {
        string? text = parsed.GetValue(_puzzle), task = parsed.GetValue(_task), file = parsed.GetValue(_problems);
        int? count = parsed.GetValue(_count) is int asked ? Demand(asked, "--count", 1, 1_000_000) : null;
        if (text is not null)
        {
            if (file is not null || count is not null)
                throw new UsageException("A puzzle on the command line goes with neither --problems nor --count; leave one out.");
            return [task is null ? PuzzleParser.Parse(text) : PuzzleParser.Parse(text, PuzzleTasks.Require(task))];
        }
        if (file is not null)
        {
            var puzzles = PuzzleFile.Read(file, task is null ? null : PuzzleTasks.Require(task));
            return count is int most ? [.. puzzles.Take(most)] : puzzles;
        }
        return [.. PuzzleGenerator.Generate(PuzzleTasks.Require(task ?? PuzzleTasks.Countdown), count ?? 1, seed)];
    }

    private static int Demand(int value, string option, int least, int most) =>
        value >= least && value <= most ? value : throw new UsageException($"{option} is {value}, but must be from {least} to {most}.");
}
