using System.CommandLine;
using System.Globalization;
using Ponder.Cli.Flags;
using Ponder.Cli.Tuning;
using Ponder.Inference;
using Ponder.Numerics;

namespace Ponder.Cli.Commands;

/// <summary><c>ponder tune</c>: measures which options of the engine are fastest for a model on this machine, and keeps them.</summary>
internal sealed class TuneCommand
{
    private const int MostTokens = 1 << 20, MostBranches = 4096, MostSeconds = 24 * 3600;

    private const double BusyPart = 0.5;                        // of the cores

    private readonly Argument<string> _model = ModelArgument.Create();
    private readonly Option<string> _workload = new("--workload")
    {
        Description = "What is to be fast: chat (one answer), batch (many prompts at once) or search (many answers to one prompt).",
        HelpName = "NAME",
        DefaultValueFactory = _ => Workload.Named[0].Name,
    };
    private readonly Option<int?> _prompt = Count("--prompt", "Tokens of a prompt, in place of the workload's.");
    private readonly Option<int?> _answer = Count("--answer", "Tokens of an answer, in place of the workload's.");
    private readonly Option<int?> _branches = Count("--branches", "Answers at once, in place of the workload's.");
    private readonly Option<int> _seconds = new("--seconds")
    {
        Description = "Time for the search.",
        HelpName = "N",
        DefaultValueFactory = _ => 60,
    };
    private readonly Option<bool> _kvSearch = new("--kv-search")
    {
        Description = "Try the formats of the KV memory, too; answers change slightly with them.",
    };
    private readonly Option<string?> _out = new("--out", "-o")
    {
        Description = $"Write the profile to this file; {ProfileStore.Variable} can name it later. [default: where the other commands look]",
        HelpName = "FILE",
    };
    private readonly Option<bool> _dryRun = new("--dry-run") { Description = "Measure and show, but write no profile." };
    private readonly EngineFlags _engine = new();
    private readonly Option<bool> _json = JsonFlag.Create(
        "one object: model, workload, points (options, and tokens per second: min, median, max, prompt, decode), duels, complete, gain, profile");
    private readonly Terminal _terminal;
    private readonly Func<string, EngineOptions, IWorkbench> _bench;

    private readonly TimeProvider _clock;

    private TuneCommand(Terminal terminal, Func<string, EngineOptions, IWorkbench> bench, TimeProvider clock) =>
        (_terminal, _bench, _clock) = (terminal, bench, clock);

    /// <summary>Makes the command.</summary>
    public static Command Create(Terminal terminal) => Create(terminal, (path, options) => new EngineWorkbench(path, options), TimeProvider.System);

    /// <summary>Makes the command with something else that measures.</summary>
    internal static Command Create(Terminal terminal, Func<string, EngineOptions, IWorkbench> bench, TimeProvider clock)
    {
        var tune = new TuneCommand(terminal, bench, clock);
        var command = new CommandWithExamples("tune", "Finds the engine's fastest options for a model on this machine, and keeps them.")
        {
            Remarks = $"Searched, one option after the other from the defaults: {string.Join(", ", TunedOption.All.Select(Searched))}; what you set stays.\n"
                + $"A change counts when it is at least {100 * Tuner.LeastGain:0}% faster and wins {Tuner.DuelWins} of {Tuner.DuelPairs} pairs of runs; where nothing does, the defaults stay.\n"
                + "The other commands take the profile for this model, processor, instructions, precision and number of cores; "
                + "a flag wins over it, --no-profile leaves it, 'ponder info' shows it.\n"
                + $"Profiles lie in {ProfileStore.Variable}, a folder or one file, else with your settings. The last search for a model replaces the one before.",
            Examples =
            [
                "ponder tune model.gguf",
                "ponder tune model.gguf --workload search --branches 64",
                "ponder tune model.gguf --workload batch --prompt 200 --seconds 300 --dry-run --json",
            ],
        };
        tune._workload.AcceptOnlyFromAmong([.. Workload.Named.Select(work => work.Name)]);
        Option[] options = [tune._workload, tune._prompt, tune._answer, tune._branches, tune._seconds, tune._kvSearch, tune._out, tune._dryRun];
        command.Add(tune._model);
        foreach (var option in options)
            command.Add(option);
        tune._engine.AddTo(command);
        command.Add(tune._json);
        command.SetAction((parsed, _) => tune.ExecuteAsync(parsed));
        return command;
    }

    private async Task<int> ExecuteAsync(ParseResult parsed)
    {
        var work = Work(parsed);
        int seconds = Demand(parsed.GetValue(_seconds), "--seconds", MostSeconds);
        string model = parsed.GetRequiredValue(_model), path = ModelLocator.Find(model);
        var defaults = _engine.Read(parsed).Validated();
        var key = ProfileKey.Of(path, defaults);
        string? target = parsed.GetValue(_dryRun) ? null : parsed.GetValue(_out) ?? ProfileStore.PathOf(key)
            ?? throw new UsageException($"There is no folder for your settings; say with --out or {ProfileStore.Variable} where the profile goes.");
        TunedOption[] searched =
        [
            .. TunedOption.All.Where(option => !option.ChangesResults || parsed.GetValue(_kvSearch))
                .Where(option => option.Flag is not { } flag || !EngineFlags.IsSet(parsed, flag)),
        ];
        using var bench = _bench(path, defaults);
        TellLoad(bench.Cores);
        using var interrupt = _terminal.Interrupts.Watch();
        var result = await ProgressView.RunAsync(
            _terminal, "tuning", report => new Tuner(bench, seconds, _clock, report).SearchAsync(defaults, searched, work, interrupt.Token));
        if (result.Work != work)
            _terminal.Note($"the work was shortened, to fit the context and the time: {result.Work}");
        string? written = target is not null && result.HasGain ? Keep(Profile.Of(key, result), target) : null;
        await _terminal.Out.WriteLineAsync(
            parsed.GetValue(_json) ? TuneReport.Json(model, searched, result, written) : TuneReport.Text(model, searched, result));
        if (target is not null && result is { HasGain: false, IsComplete: true })
            Forget(key, target);
        return ExitCodes.Success;
    }

    private void TellLoad(int cores)
    {
        if (MachineLoad.Current is double load && load > cores * BusyPart)
        {
            _terminal.Note(string.Create(
                CultureInfo.InvariantCulture, $"other programs keep this machine busy (load {load:0.0}); what is fastest beside them may not be without them."));
        }
    }

    private string Keep(Profile profile, string target)
    {
        ProfileStore.Save(profile, target);
        _terminal.Note($"{target} holds the profile: {profile}.");
        if (profile.Options.Any(pair => pair.Option.ChangesResults))
            _terminal.Note("the format of the KV memory is part of it: answers may differ slightly from those without.");
        return target;
    }

    /// <summary>An earlier profile for the same model and machine has not stood the test.</summary>
    private void Forget(ProfileKey key, string target)
    {
        try
        {
            if (ProfileStore.Find(key)?.Path != target)
                return;
            File.Delete(target);
            _terminal.Note($"{target}, an earlier profile, is removed: the defaults are as fast.");
        }
        catch (PonderException)
        {
            // Another model's, or no profile at all: not ours to delete.
        }
    }

    private Workload Work(ParseResult parsed)
    {
        var work = Workload.Named.Single(named => named.Name == parsed.GetValue(_workload));
        if (parsed.GetValue(_prompt) is int prompt)
            work = work with { Prompt = Demand(prompt, "--prompt", MostTokens) };
        if (parsed.GetValue(_answer) is int answer)
            work = work with { Answer = Demand(answer, "--answer", MostTokens) };
        return parsed.GetValue(_branches) is int branches ? work.WithBranches(Demand(branches, "--branches", MostBranches)) : work;
    }

    private static string Searched(TunedOption option) => option.ChangesResults ? $"{option.Name} (only with --kv-search)" : option.Name;

    private static int Demand(int value, string option, int most) =>
        value >= 1 && value <= most ? value : throw new UsageException($"{option} is {value}, but must be from 1 to {most}.");

    private static Option<int?> Count(string name, string description) => new(name) { Description = description, HelpName = "N" };
}
