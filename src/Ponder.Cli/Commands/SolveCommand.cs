using System.CommandLine;
using System.Diagnostics;
using Ponder.Cli.Flags;
using Ponder.Cli.Solving;
using Ponder.Inference;
using Ponder.Models.Loading;
using Ponder.Reasoning.Policies;
using Ponder.Reasoning.Sessions;
using Ponder.Reasoning.Solving;
using Ponder.Reasoning.Strategies;
using Ponder.Reasoning.Traces;

namespace Ponder.Cli.Commands;

/// <summary><c>ponder solve</c>: thinks problems through by a strategy, within a budget, and accounts for it.</summary>
internal sealed class SolveCommand
{
    private readonly ProblemFlags _problems = new();
    private readonly StrategyFlags _strategy = new();
    private readonly BudgetFlags _budget = new();
    private readonly JudgeFlags _judges = new();
    private readonly DrafterFlag _drafter = new();
    private readonly SamplingFlags _sampling = new();
    private readonly EngineFlags _engine = new();
    private readonly ThoughtFlags _thoughts = new();
    private readonly Option<bool> _json = JsonFlag.Create("a line for each problem as it ends, then one with the summary");
    private readonly Option<string?> _trace = new("--trace") { Description = "Write all that is thought to a JSONL file as it happens; 'ponder replay' and 'ponder tree' show it.", HelpName = "FILE" };
    private readonly Option<bool> _force = new("--force") { Description = "Let --trace overwrite a file." };
    private readonly Option<bool> _all = new("--all") { Description = "Show every thought in full, not only the most frequent." };
    private readonly Terminal _terminal;

    private SolveCommand(Terminal terminal) => _terminal = terminal;

    /// <summary>Makes the command.</summary>
    public static Command Create(Terminal terminal)
    {
        var solve = new SolveCommand(terminal);
        var command = new CommandWithExamples("solve", "Solves a puzzle or a file of problems by thinking them through many times.")
        {
            Remarks = "Without a model, a small one that ships with Ponder solves puzzles: countdown answers are checked exactly, chain answers put to a vote.\n"
                + "Strategies, their options, rewards and tasks: 'ponder strategies'. The same seed gives the same answers.\n"
                + "Exit code 0: there is an answer, or the file was gone through; 1: no answer to the one problem; 130: Ctrl-C.",
            Examples =
            [
                "ponder solve",
                "ponder solve \"Make 24 from 3 7 8 12\"",
                "ponder solve --task chain --count 20 --samples 32 --seed 1",
                "ponder solve --strategy best-of-n --samples 16 --budget-tokens 400 --trace thoughts.jsonl",
                "ponder solve model.gguf -p \"What is 17 * 23?\" --samples 8",
                "ponder solve large.gguf --drafter small.gguf --strategy spec-reason --problems gsm8k.jsonl",
                "ponder solve model.gguf -p \"...\" --strategy \"atom-of-thoughts inner=(majority samples=4)\"",
                "ponder solve --problems models/puzzles/test/countdown.jsonl --json > results.jsonl",
            ],
        };
        solve._problems.AddTo(command);
        solve._strategy.AddTo(command);
        solve._budget.AddTo(command);
        solve._judges.AddTo(command);
        solve._drafter.AddTo(command);
        solve._sampling.AddTo(command);
        solve._thoughts.AddTo(command);
        solve._engine.AddTo(command);
        foreach (Option option in (Option[])[solve._json, solve._trace, solve._force, solve._all])
            command.Add(option);
        command.SetAction((parsed, _) => solve.ExecuteAsync(parsed));
        return command;
    }

    private async Task<int> ExecuteAsync(ParseResult parsed)
    {
        // All that can be wrong with the command line is, before a model is loaded.
        ulong seed = _sampling.Read(parsed, new GenerationDefaults()).Seed;
        var work = _problems.Read(parsed, seed);
        var chosen = _strategy.Read(parsed, work);
        string? rewardName = _judges.Reward(parsed, work, [chosen.Strategy]);
        string? drafterPath = _drafter.Read(parsed, chosen.Strategy);
        var (verifier, problems) = _judges.Verifier(parsed, work.Problems, [chosen.Strategy], _terminal);
        work = work with { Problems = problems };
        string? trace = parsed.GetValue(_trace);
        if (trace is not null)
            Flag.DemandNewFile("--trace", trace, parsed.GetValue(_force));
        var settings = _thoughts.Read(parsed, work.IsShipped) with { Budget = _budget.Read(parsed), Seed = seed, Verifier = verifier };
        foreach (string caution in work.IsShipped ? problems.Select(problem => Digest.PuzzleOf(problem)?.Caution).OfType<string>().Distinct() : [])
            _terminal.Note(caution);

        using var thinker = Thinker.Load(parsed, _terminal, work.Model, rewardName, _engine, options => _judges.Settings(parsed, options), drafterPath);
        settings = settings with
        {
            Sampling = _sampling.Read(parsed, thinker.Engine.Model.Defaults) with { Seed = seed },
            Reward = thinker.Reward,
            Drafter = thinker.Drafter is null ? null : new EnginePolicy(thinker.Drafter),
        };
        var policy = new EnginePolicy(thinker.Engine);
        var solver = new Solver(policy, chosen.Strategy, settings) { Parallel = AtOnce(chosen) };
        using var file = trace is null ? null : BeginTrace(trace, parsed, work, new TraceHead(chosen.Strategy.Name, policy.Name, thinker.Reward?.Name, seed));
        return await RunAsync(parsed, new Run(work, chosen, settings, solver, file));
    }

    private async Task<int> RunAsync(ParseResult parsed, Run run)
    {
        bool json = parsed.GetValue(_json), single = run.Work.Problems.Count == 1;
        var problems = run.Work.Problems;
        var report = new SolveReport(_terminal.Out, run.Chosen, run.Settings.Seed, parsed.GetValue(_all));
        if (!json && single)
            await _terminal.WriteNowAsync(report.Heading(problems[0], run.Work.WereMadeUp));
        using var interrupt = _terminal.Interrupts.Watch();
        IBoard board = single ? new ProblemBoard(problems[0], run.Settings.Budget) : new RunBoard(problems.Count);
        long start = Stopwatch.GetTimestamp();
        var (digests, last, notes) = await LiveView.RunAsync(_terminal, board, () => SolveAsync(run, board, json, interrupt.Token), writes: json);
        var totals = Totals.Of(digests, Stopwatch.GetElapsedTime(start).TotalSeconds, run.Settings.Seed);
        if (json)
            await _terminal.Out.WriteLineAsync(SolveJson.Line(totals));
        else if (single)
            report.Write(last, digests[0]);
        else
            report.Write(totals, notes);
        if (json && _sampling.SeedIsRandom(parsed))
            _terminal.Note($"seed {run.Settings.Seed}");
        return single && last.Answer is null ? ExitCodes.Failure : ExitCodes.Success;
    }

    private async Task<(List<Digest> Digests, Outcome Last, Dictionary<string, int> Notes)> SolveAsync(Run run, IBoard board, bool json, CancellationToken stop)
    {
        var digests = new List<Digest>();
        var notes = new Dictionary<string, int>();             // each with how many problems it was made about
        Outcome? last = null;
        await foreach (var outcome in run.Solver.SolveAsync(run.Work.Problems, Tell, stop))
        {
            last = WithOwnNotes(outcome, run.Chosen.Strategy, run.Settings);
            var digest = Digest.Of(last, run.Chosen.Samples);
            run.Trace?.End(digests.Count, last);
            digests.Add(digest);
            foreach (string note in last.Notes)
                notes[note] = notes.GetValueOrDefault(note) + 1;
            board.End(last, digest);
            if (json)
                await _terminal.WriteNowAsync(SolveJson.Line(last, digest) + "\n");
        }
        return (digests, last!, notes);

        void Tell(int problem, SolveEvent what)
        {
            board.Take(problem, what);
            run.Trace?.Take(problem, what);
        }
    }

    private TraceWriter BeginTrace(string path, ParseResult parsed, Assignment work, TraceHead head)
    {
        bool force = parsed.GetValue(_force);
        Flag.DemandNewFile("--trace", path, force);
        return new TraceWriter(new FileStream(path, force ? FileMode.Create : FileMode.CreateNew, FileAccess.Write, FileShare.Read), head, work.Problems);
    }

    // No option is silently without effect.
    private static Outcome WithOwnNotes(Outcome outcome, IStrategy strategy, SolveSettings settings)
    {
        var notes = new List<string>(outcome.Notes);
        int cut = outcome.Samples.Count(thought => thought.End == ThoughtEnd.Length);
        if (cut > 0 && outcome.Chosen is not null)
            notes.Add($"{Units.Times(cut, "thought")} came to the most tokens of one, {settings.MaxTokens}, and gave no answer; --max-tokens allows more.");
        if (settings.Reward is not null && !strategy.NeedsReward && outcome.Thoughts.All(thought => thought.Reward is null && thought.StepRewards.Count == 0))
            notes.Add($"The strategy {outcome.Strategy} scored no thought: --reward had no effect.");
        if (settings.Verifier is not null && outcome.Ledger.Verified == 0)
            notes.Add($"The strategy {outcome.Strategy} checked no answer: --verifier had no effect.");
        return outcome with { Notes = notes };
    }

    // Enough to keep the engine's batch full, while some problems come to their ends.
    private static int AtOnce(ChosenStrategy chosen) => Math.Clamp(2 * new EngineOptions().MaxBranches / chosen.AtOnce, 4, 64);

    /// <summary>All that is decided before thinking begins.</summary>
    private sealed record Run(Assignment Work, ChosenStrategy Chosen, SolveSettings Settings, Solver Solver, TraceWriter? Trace);
}
