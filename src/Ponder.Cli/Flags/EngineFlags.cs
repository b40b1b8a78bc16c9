using System.CommandLine;
using System.CommandLine.Parsing;
using Ponder.Cli.Tuning;
using Ponder.Inference;
using Ponder.Models.Files;
using Ponder.Numerics;
using Ponder.Numerics.CodeGen;
using Ponder.Numerics.Kernels;

namespace Ponder.Cli.Flags;

/// <summary>How a command uses the machine.</summary>
/// <param name="precision">What products are computed in where the user does not say.</param>
internal sealed class EngineFlags(Precision precision = Precision.Fast)
{
    private const long LongToLoad = 256L << 20;                 // smaller models are there before a bar would be drawn

    private readonly Option<int> _threads = new("--threads")
    {
        Description = "Threads that compute; 0 takes the physical cores.",
        HelpName = "N",
    };

    private readonly Option<string?> _kv = new("--kv")
    {
        Description = "Format of the KV memory: f32, f16, bf16 or int8. [default: f32 with --precision exact, else f16]",
        HelpName = "FORMAT",
    };

    private readonly Option<string?> _isa = new("--isa")
    {
        Description = "Instructions to compute with: amx, avx512, avxvnni, avx2 or portable; or 512, 256, 128, scalar: portable code in vectors of so many bits. [default: the best]",
        HelpName = "NAME",
    };

    private readonly Option<Precision> _precision = new("--precision")
    {
        Description = "Products with quantized weights: fast rounds activations to int8 or bfloat16, exact computes in float32.",
        HelpName = "fast|exact",
        DefaultValueFactory = _ => precision,
    };

    private readonly Option<long?> _kvMemory = new("--kv-memory")
    {
        Description = "Most MiB of KV memory. [default: three quarters of what is free]",
        HelpName = "MIB",
    };

    private readonly Option<string?> _weightCache = new("--weight-cache")
    {
        Description = "Keep repacked weights in this folder, so that the next start is faster; as large as the model.",
        HelpName = "FOLDER",
    };

    private readonly Option<bool> _noProfile = new("--no-profile")
    {
        Description = "Leave the engine's options as they are where 'ponder tune' found better ones for this model and machine.",
    };

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        _kv.CompletionSources.Add([.. KvFormats.All.Select(KvFormats.NameOf)]);
        _isa.CompletionSources.Add([.. ExecutionPath.Names]);
        command.Add(_threads);
        command.Add(_isa);
        command.Add(_precision);
        command.Add(_kv);
        command.Add(_kvMemory);
        command.Add(_weightCache);
        command.Add(_noProfile);
    }

    /// <summary>The user has set an option.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="flag">Its name.</param>
    public static bool IsSet(ParseResult parsed, string flag) => parsed.GetResult(flag) is OptionResult { Implicit: false };

    /// <summary>What the command line says, without any profile.</summary>
    public EngineOptions Read(ParseResult parsed) => new()
    {
        Threads = parsed.GetValue(_threads),
        Path = parsed.GetValue(_isa) is string isa ? ExecutionPath.Require("--isa", isa) : null,
        Precision = parsed.GetValue(_precision),
        KvFormat = parsed.GetValue(_kv) is string kv ? KvFormats.Require("--kv", kv) : null,
        WeightCache = parsed.GetValue(_weightCache),
        KvMemoryBytes = KvMemoryBytes(parsed),
    };

    /// <summary>Loads the model that the user names, behind a progress bar.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="terminal">Where the bar is drawn.</param>
    /// <param name="model">A path, a repository of the hub, or a name that Ponder ships.</param>
    /// <param name="adapt">Changes the options; null leaves them.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    public Engine Load(ParseResult parsed, Terminal terminal, string model, Func<EngineOptions, EngineOptions>? adapt = null)
    {
        string path = ModelLocator.Find(model);
        var options = Read(parsed);
        options = parsed.GetValue(_noProfile) ? options : WithProfile(options.Validated(), path, parsed, terminal);
        options = (adapt?.Invoke(options) ?? options).Validated();
        if (BytesOf(path) < LongToLoad)
            return Engine.Load(path, options);
        return ProgressView.RunAsync(terminal, "loading", report => Task.FromResult(Engine.Load(path, options, report))).GetAwaiter().GetResult();
    }

    /// <summary>The options with those of a profile where the user has not set them; one that cannot be used is told, and no more.</summary>
    private static EngineOptions WithProfile(EngineOptions options, string path, ParseResult parsed, Terminal terminal)
    {
        try
        {
            return ProfileStore.Find(ProfileKey.Of(path, options)) is { } found ? found.Profile.ApplyTo(options, flag => IsSet(parsed, flag)) : options;
        }
        catch (ModelFileException)
        {
            return options;                                     // what is wrong with the model, the engine says
        }
        catch (PonderException e)
        {
            terminal.Note(e.Message);
            return options;
        }
    }

    private long? KvMemoryBytes(ParseResult parsed) => parsed.GetValue(_kvMemory) switch
    {
        null => null,
        long mib when mib is < 1 or > long.MaxValue >> 20 => throw new UsageException($"--kv-memory is {mib}, but must be from 1 to {long.MaxValue >> 20}."),
        long mib => mib << 20,
    };

    private static long BytesOf(string path) =>
        File.Exists(path) ? new FileInfo(path).Length
        : Directory.Exists(path) ? new DirectoryInfo(path).EnumerateFiles().Sum(file => file.Length)
        : 0;                                                    // what is wrong with it, the engine says
}
