using System.CommandLine;
using System.Globalization;
using Ponder.Cli.Benchmarks;
using Ponder.Cli.Flags;
using Ponder.Inference;

namespace Ponder.Cli.Commands;

/// <summary><c>ponder bench</c>: how fast a model runs here.</summary>
internal sealed class BenchCommand
{
    private const int ChunkTokens = 512, MaxRuns = 1000, MaxBranches = 4096;

    private readonly Argument<string> _model = ModelArgument.Create();
    private readonly Option<string?> _prefill = List("--prefill", "Time prompts of these many tokens, with commas between them.");
    private readonly Option<string?> _decode = List("--decode", $"Time {BenchPlan.Steps} tokens, one by one, after prompts of these many.");
    private readonly Option<string?> _branches = List("--branches", $"Time {BenchPlan.Steps} tokens in each of these many branches together.");
    private readonly Option<int> _branchPrompt = Count("--branch-prompt", "Tokens that each branch has for itself before.", 128);
    private readonly Option<int> _sharedPrefix = Count("--shared-prefix", "Tokens before those, whose KV memory all branches share.", 0);
    private readonly Option<int> _runs = Count("--runs", "Runs of each case, after one that warms up.", 5);
    private readonly Option<bool> _profile = new("--profile") { Description = "Tell where the time of a step goes, too." };
    private readonly EngineFlags _engine = new();
    private readonly Option<bool> _json = JsonFlag.Create("one object: isa, kv, threads, model, read_bandwidth_gb_s, peak_tflops, and for each case min, median and max in tokens per second, with --profile step_ms");
    private readonly Terminal _terminal;

    private BenchCommand(Terminal terminal) => _terminal = terminal;

    /// <summary>Makes the command.</summary>
    public static Command Create(Terminal terminal)
    {
        var bench = new BenchCommand(terminal);
        var command = new CommandWithExamples("bench", "Measures how fast a model runs here, against the speed of the memory.")
        {
            Remarks = $"Without cases: --prefill 512 --decode 128 --branches 32, as far as the model's context holds them. Prompts are random tokens, in steps of {ChunkTokens}.\n"
                + "The rate of branches is that of all together.",
            Examples =
            [
                "ponder bench model.gguf",
                "ponder bench model.gguf --prefill 512,2048 --decode 128,4096 --runs 9",
                "ponder bench model.gguf --branches 32 --shared-prefix 1024",
                "ponder bench model.gguf --isa avx2 --threads 1 --json",
                "ponder bench model.gguf --profile",
            ],
        };
        command.Add(bench._model);
        foreach (Option option in (Option[])[bench._prefill, bench._decode, bench._branches, bench._branchPrompt, bench._sharedPrefix, bench._runs, bench._profile])
            command.Add(option);
        bench._engine.AddTo(command);
        command.Add(bench._json);
        command.SetAction((parsed, _) => bench.ExecuteAsync(parsed));
        return command;
    }

    private async Task<int> ExecuteAsync(ParseResult parsed)
    {
        var plan = Plan(parsed);
        bool isDefault = plan.Cases == 0;
        if (isDefault)
            plan = plan with { Prefill = [512], Decode = [128], Branches = [32] };
        string model = parsed.GetRequiredValue(_model);
        using var engine = _engine.Load(parsed, _terminal, model, options => options with { ChunkTokens = ChunkTokens });
        engine.DemandLanguageModel("be measured");
        if (isDefault)
            plan = FittingDefaults(plan, engine);
        plan.Demand(engine);
        using var interrupt = _terminal.Interrupts.Watch();
        var result = await ProgressView.RunAsync(
            _terminal, "measuring", report => BenchResult.MeasureAsync(engine, model, plan, report, interrupt.Token));
        await _terminal.Out.WriteLineAsync(parsed.GetValue(_json) ? BenchReport.Json(result) : BenchReport.Text(result));
        return ExitCodes.Success;
    }

    private BenchPlan FittingDefaults(BenchPlan plan, Engine engine)
    {
        var fitting = plan.Fitting(engine.Context);
        if (fitting.Cases == 0)
            return plan;                                        // says what does not fit
        if (fitting.Cases < plan.Cases)
            _terminal.Note($"the model's context holds {engine.Context} tokens; cases that are longer are left out.");
        return fitting;
    }

    private BenchPlan Plan(ParseResult parsed) => new()
    {
        Prefill = Sizes(_prefill, parsed, int.MaxValue / 2),
        Decode = Sizes(_decode, parsed, int.MaxValue / 2),
        Branches = Sizes(_branches, parsed, MaxBranches),
        BranchPrompt = Demand(_branchPrompt, parsed, 1, int.MaxValue / 4),
        SharedPrefix = Demand(_sharedPrefix, parsed, 0, int.MaxValue / 4),
        Runs = Demand(_runs, parsed, 1, MaxRuns),
        Profiles = parsed.GetValue(_profile),
    };

    private static int[] Sizes(Option<string?> option, ParseResult parsed, int most)
    {
        if (parsed.GetValue(option) is not string text)
            return [];
        string[] parts = text.Split(',', StringSplitOptions.TrimEntries);
        return [.. parts.Select(part => int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int size) && size >= 1 && size <= most
            ? size
            : throw new UsageException($"{option.Name} holds '{part}', but wants whole numbers from 1 to {most} with commas between them.")).Distinct()];
    }

    private static int Demand(Option<int> option, ParseResult parsed, int least, int most)
    {
        int value = parsed.GetValue(option);
        return value >= least && value <= most ? value : throw new UsageException($"{option.Name} is {value}, but must be from {least} to {most}.");
    }

    private static Option<string?> List(string name, string description) => new(name) { Description = description, HelpName = "N,N" };

    private static Option<int> Count(string name, string description, int value) =>
        new(name) { Description = description, HelpName = "N", DefaultValueFactory = _ => value };
}
