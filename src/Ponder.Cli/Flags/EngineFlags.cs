using System.CommandLine;
using Ponder.Inference;
using Ponder.Numerics.Kernels;

namespace Ponder.Cli.Flags;

/// <summary>How a command uses the machine.</summary>
/// <param name="kv">The KV format where the user names none; null for the engine's own.</param>
internal sealed class EngineFlags(KvFormat? kv = null)
{
    private readonly Option<int> _threads = new("--threads")
    {
        Description = "Threads that compute; 0 takes the physical cores.",
        HelpName = "N",
    };

    private readonly Option<string> _kv = new("--kv")
    {
        Description = "Format of the KV memory: f32 (exact), f16, bf16 or int8.",
        HelpName = "FORMAT",
        DefaultValueFactory = _ => KvFormats.NameOf(kv ?? new EngineOptions().KvFormat),
    };

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        _kv.CompletionSources.Add([.. KvFormats.All.Select(KvFormats.NameOf)]);
        command.Add(_threads);
        command.Add(_kv);
    }

    /// <summary>The engine's options.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    /// <exception cref="Numerics.PonderException">The format is not known.</exception>
    public EngineOptions Read(ParseResult parsed) => new EngineOptions
    {
        Threads = parsed.GetValue(_threads),
        KvFormat = KvFormats.Require("--kv", parsed.GetRequiredValue(_kv)),
    }.Validated();

    /// <summary>Loads the model that the user names.</summary>
    public Engine Load(ParseResult parsed, string model)
    {
        var options = Read(parsed);
        return Engine.Load(ModelLocator.Find(model), options);
    }
}
