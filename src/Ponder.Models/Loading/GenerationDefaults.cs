using Ponder.Models.Files.Json;

namespace Ponder.Models.Loading;

/// <summary>What a model's <c>generation_config.json</c> recommends; null where it says nothing.</summary>
public sealed record GenerationDefaults
{
    /// <summary>Recommended temperature.</summary>
    public float? Temperature { get; init; }

    /// <summary>Recommended top-p.</summary>
    public float? TopP { get; init; }

    /// <summary>Recommended top-k.</summary>
    public int? TopK { get; init; }

    /// <summary>Recommended min-p.</summary>
    public float? MinP { get; init; }

    /// <summary>Recommended part of the mass for typical sampling.</summary>
    public float? Typical { get; init; }

    /// <summary>Recommended repetition penalty.</summary>
    public float? RepetitionPenalty { get; init; }

    /// <summary>Reads the file of a folder; all null where there is none.</summary>
    internal static GenerationDefaults Read(string folder)
    {
        string path = Path.Combine(folder, "generation_config.json");
        if (!File.Exists(path))
            return new GenerationDefaults();
        using var file = JsonFile.Open(path, allowsTwins: true);
        var json = file.Root;
        if (json["do_sample"].BoolOrNull() == false)
            return new GenerationDefaults { Temperature = 0, RepetitionPenalty = json["repetition_penalty"].FloatOrNull() };
        return new GenerationDefaults
        {
            Temperature = json["temperature"].FloatOrNull(),
            TopP = json["top_p"].FloatOrNull(),
            TopK = json["top_k"].IntOrNull(),
            MinP = json["min_p"].FloatOrNull(),
            Typical = json["typical_p"].FloatOrNull(),
            RepetitionPenalty = json["repetition_penalty"].FloatOrNull(),
        };
    }
}
