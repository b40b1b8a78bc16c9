using System.CommandLine;
using Ponder.Inference;
using Ponder.Models.Gguf.Synthesis;

namespace Ponder.Replay;

/// <summary>The flags that say which model runs and how.</summary>
internal sealed class EngineFlags
{
    private static readonly EngineOptions Defaults = new();

    private readonly Option<string> _model = new("--model", "-m")
    {
        Description = "A model file or folder, or the name of a shape that a random Q8_0 model is made of, once, in the system's folder for temporary files.",
        HelpName = "MODEL",
        DefaultValueFactory = _ => "smollm2-135m",
    };

    private readonly Option<int> _threads = Number("--threads", "Threads; 0 for the physical cores.", Defaults.Threads);
    private readonly Option<int> _chunk = Number("--chunk", "Most prompt tokens in a step.", Defaults.ChunkTokens);
    private readonly Option<int> _shared = Number("--shared-chunk", "Most prompt tokens in a step that also continues answers.", Defaults.SharedChunkTokens);
    private readonly Option<int> _branches = Number("--branches", "Most answers in a step.", Defaults.MaxBranches);
    private readonly Option<bool> _json = new("--json") { Description = "Print one JSON object." };

    /// <summary>An option that is a number.</summary>
    public static Option<int> Number(string name, string description, int value) =>
        new(name) { Description = description, HelpName = "N", DefaultValueFactory = _ => value };

    /// <summary>Adds the flags to a command.</summary>
    public void AddTo(Command command, bool withModel = true)
    {
        if (withModel)
            command.Add(_model);
        command.Add(_threads);
        command.Add(_chunk);
        command.Add(_shared);
        command.Add(_branches);
        command.Add(_json);
    }

    /// <summary>Whether the report is JSON.</summary>
    public bool WantsJson(ParseResult parsed) => parsed.GetValue(_json);

    /// <summary>The engine's options.</summary>
    public EngineOptions Options(ParseResult parsed) => new()
    {
        Threads = parsed.GetValue(_threads),
        ChunkTokens = parsed.GetValue(_chunk),
        SharedChunkTokens = parsed.GetValue(_shared),
        MaxBranches = parsed.GetValue(_branches),
    };

    /// <summary>The path of the model.</summary>
    public string Model(ParseResult parsed)
    {
        string name = parsed.GetValue(_model)!;
        if (File.Exists(name) || Directory.Exists(name))
            return name;
        return ModelShape.Find(name) is { } shape
            ? Make(shape, QuantizationMix.Find("q8_0")!)
            : throw new ArgumentException($"--model '{name}' is no file or folder, and no shape: {string.Join(", ", ModelShape.All.Select(known => known.Name))}.");
    }

    /// <summary>A random model, made when it is first needed.</summary>
    public static string Make(ModelShape shape, QuantizationMix mix)
    {
        string folder = Path.Combine(Path.GetTempPath(), "ponder-replay");
        Directory.CreateDirectory(folder);
        string path = Path.Combine(folder, $"{shape.Name}-{mix.Name}.gguf");
        if (!File.Exists(path))
            RandomModel.Write(path, shape, mix);
        return path;
    }
}
