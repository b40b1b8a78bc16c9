namespace Ponder.Models.Hub;

/// <summary>How a repository or a cached snapshot stores its weights.</summary>
public enum ModelKind
{
    /// <summary>No weights that can be loaded.</summary>
    Other,

    /// <summary>GGUF: one file, or numbered shards, with everything in it.</summary>
    Gguf,

    /// <summary>A folder of safetensors with a <c>config.json</c> and a tokenizer beside it.</summary>
    Safetensors,
}
