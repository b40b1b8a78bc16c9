using System.CommandLine;
using System.Globalization;
using Ponder.Cli.Flags;
using Ponder.Cli.Solving;
using Ponder.Models.Loading;
using Ponder.Reasoning.Policies;
using Ponder.Reasoning.Probes;
using Ponder.Reasoning.Sessions;

namespace Ponder.Cli.Commands;

/// <summary><c>ponder probe</c>: trains a probe of a model's hidden states on labelled problems.</summary>
internal sealed class ProbeCommand
{
    private readonly ProblemFlags _problems = new();
    private readonly Option<string> _out = new("--out") { Description = "The file of the probe.", HelpName = "FILE", Required = true };
    private readonly Option<bool> _force = new("--force") { Description = "Let --out overwrite a file." };
    private readonly Option<int> _samples = Number("--samples", "Thoughts about each problem.", 4);
    private readonly Option<int> _epochs = Number("--epochs", "Times that every example is looked at.", 20);
    private readonly Option<int> _maxTokens = Number("--max-tokens", "Most tokens of a thought.", 1024);
    private readonly Option<string> _cues = new("--cues")
    {
        Description = "Where thoughts are looked at: words of hesitation, or lines.",
        HelpName = "words|lines",
        DefaultValueFactory = _ => "words",
    };
    private readonly Option<string?> _ending = new("--ending")
    {
        Description = @"The text that makes a thought answer where it stands; \n is a line's end. [default: a blank line and 'Final answer:']",
        HelpName = "TEXT",
    };
    private readonly Option<int[]> _hidden = new("--hidden")
    {
        Description = "Widths of the probe's own layers; 0 for a logistic regression. [default: 256 64]",
        HelpName = "N",
        AllowMultipleArgumentsPerToken = true,
    };
    private readonly SamplingFlags _sampling = new();
    private readonly EngineFlags _engine = new();
    private readonly Terminal _terminal;

    private ProbeCommand(Terminal terminal)
    {
        _terminal = terminal;
        _cues.AcceptOnlyFromAmong("words", "lines");
    }

    /// <summary>Makes the command.</summary>
    public static Command Create(Terminal terminal)
    {
        var probe = new ProbeCommand(terminal);
        var command = new CommandWithExamples("probe", "Trains a probe that tells from a model's hidden states whether it could answer right.")
        {
            Remarks = "Draws thoughts about problems whose answers are known; at every cue it tries on a fork what the answer would be, and learns from the truth.\n"
                + "A quarter of the examples is kept out of the training: it calibrates the probe, and the figures shown are of it.\n"
                + "For 'ponder solve --strategy lynx --set probe=FILE', with the same cues and ending.",
            Examples =
            [
                "ponder probe model.gguf --problems train.jsonl --out model.probe.json",
                "ponder probe --task chain --count 200 --cues lines --ending \"#### \" --hidden 0 --out chain.probe.json",
            ],
        };
        probe._problems.AddTo(command);
        Option[] options = [probe._out, probe._force, probe._samples, probe._cues, probe._ending, probe._hidden, probe._epochs, probe._maxTokens];
        foreach (var option in options)
            command.Add(option);
        probe._sampling.AddTo(command);
        probe._engine.AddTo(command);
        command.SetAction((parsed, _) => probe.ExecuteAsync(parsed));
        return command;
    }

    private async Task<int> ExecuteAsync(ParseResult parsed)
    {
        ulong seed = _sampling.Read(parsed, new GenerationDefaults()).Seed;
        var work = _problems.Read(parsed, seed);
        string path = parsed.GetValue(_out)!;
        Flag.DemandNewFile("--out", path, parsed.GetValue(_force));
        int[] hidden = parsed.GetValue(_hidden) is { Length: > 0 } asked ? [.. asked.Where(width => width != 0)] : [256, 64];
        var training = new ProbeTraining
        {
            Hidden = [.. hidden.Select(width => Flag.Whole("--hidden", width, 1, 65_536))],
            Epochs = Flag.Whole("--epochs", parsed.GetValue(_epochs), 1, 10_000),
            Seed = seed,
        };
        using var engine = _engine.Load(parsed, _terminal, work.Model);
        engine.DemandLanguageModel("think a problem through");
        var policy = new EnginePolicy(engine);
        var layers = Probe.DefaultLayers(engine.Model.Config.Layers.Count);
        var settings = new SolveSettings
        {
            Sampling = _sampling.Read(parsed, engine.Model.Defaults) with { Seed = seed },
            Seed = seed,
            MaxTokens = Flag.Whole("--max-tokens", parsed.GetValue(_maxTokens), 1, 1_000_000),
        };
        var collector = new ProbeCollector(policy, settings)
        {
            Layers = layers,
            Samples = Flag.Whole("--samples", parsed.GetValue(_samples), 1, 10_000),
            CueTexts = Cues.Named(parsed.GetValue(_cues)!),
            Ending = parsed.GetValue(_ending)?.Replace("\\n", "\n", StringComparison.Ordinal) ?? ProbeCollector.DefaultEnding,
        };
        using var interrupt = _terminal.Interrupts.Watch();
        var examples = await ProgressView.RunAsync(_terminal, "thinking", report => CollectAsync(collector, work, report, interrupt.Token));
        var probe = ProbeTrainer.Train(policy.Name, layers, examples, training);
        ProbeFile.Save(probe, path);
        await _terminal.Out.WriteLineAsync(Report(probe, examples, training));
        await _terminal.Out.WriteLineAsync($"saved to {path}");
        return ExitCodes.Success;
    }

    private static async Task<List<ProbeExample>> CollectAsync(ProbeCollector collector, Assignment work, Action<double> report, CancellationToken stop)
    {
        var examples = new List<ProbeExample>();
        for (int i = 0; i < work.Problems.Count; i++)
        {
            examples.AddRange(await collector.CollectAsync(work.Problems[i], i, stop));
            report((i + 1.0) / work.Problems.Count);
        }
        return examples;
    }

    // Of the examples that the probe was not trained on.
    private static string Report(Probe probe, List<ProbeExample> examples, ProbeTraining training)
    {
        int kept = Math.Max(1, (int)(examples.Count * training.Calibration));
        var unseen = examples.TakeLast(kept).ToArray();
        var quality = ProbeQuality.Of(probe, unseen);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{examples.Count} examples, {examples.Count(example => example.IsRight)} of them right; of {unseen.Length} that it was not trained on: "
                + $"{quality.Accuracy:0.000} told apart rightly, AUC {quality.Auc:0.000}");
    }

    private static Option<int> Number(string name, string description, int value) =>
        new(name) { Description = description, HelpName = "N", DefaultValueFactory = _ => value };
}
