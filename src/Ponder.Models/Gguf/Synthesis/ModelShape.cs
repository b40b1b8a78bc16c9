namespace Ponder.Models.Gguf.Synthesis;

/// <summary>The sizes of a published model, for writing one like it with random weights.</summary>
/// <param name="Name">What users type.</param>
/// <param name="Architecture"><c>llama</c>, <c>qwen2</c> (biases on query, key and value) or <c>qwen3</c> (norms on query and key).</param>
/// <param name="Layers">Transformer blocks.</param>
/// <param name="Width">Length of the embedding.</param>
/// <param name="FeedForward">Inner length of the feed-forward part.</param>
/// <param name="Heads">Query heads.</param>
/// <param name="KvHeads">Key and value heads.</param>
/// <param name="HeadSize">Length of a head.</param>
/// <param name="Vocabulary">Tokens.</param>
/// <param name="Context">Longest context in tokens.</param>
/// <param name="RopeBase">Base of the rotary frequencies.</param>
/// <param name="NormEpsilon">Epsilon of the RMS norms.</param>
/// <param name="Tied">Whether the output matrix is the embedding.</param>
/// <param name="PreTokenizer">The name of the pre-tokenizer in GGUF.</param>
/// <param name="RopeFactor">Llama 3's stretch of the low rotary frequencies, over 8192 tokens; 1 for none.</param>
public sealed record ModelShape(
    string Name, string Architecture, int Layers, int Width, int FeedForward, int Heads, int KvHeads, int HeadSize, int Vocabulary,
    int Context, float RopeBase, float NormEpsilon, bool Tied, string PreTokenizer, float RopeFactor = 1)
{
    /// <summary>Every shape that there is a name for.</summary>
    public static IReadOnlyList<ModelShape> All { get; } =
    [
        new("tiny", "llama", 2, 256, 512, 4, 2, 64, 512, 256, 1e4f, 1e-5f, Tied: false, "gpt-2"),
        new("smollm2-135m", "llama", 30, 576, 1536, 9, 3, 64, 49_152, 8192, 1e5f, 1e-5f, Tied: true, "smollm"),
        new("smollm2-360m", "llama", 32, 960, 2560, 15, 5, 64, 49_152, 8192, 1e5f, 1e-5f, Tied: true, "smollm"),
        new("qwen2.5-0.5b", "qwen2", 24, 896, 4864, 14, 2, 64, 151_936, 32_768, 1e6f, 1e-6f, Tied: true, "qwen2"),
        new("qwen3-0.6b", "qwen3", 28, 1024, 3072, 16, 8, 128, 151_936, 40_960, 1e6f, 1e-6f, Tied: true, "qwen2"),
        new("tinyllama-1.1b", "llama", 22, 2048, 5632, 32, 4, 64, 32_000, 2048, 1e4f, 1e-5f, Tied: false, "gpt-2"),
        new("llama-3.2-1b", "llama", 16, 2048, 8192, 32, 8, 64, 128_256, 131_072, 5e5f, 1e-5f, Tied: true, "llama-bpe", 32),
        new("llama-3.2-3b", "llama", 28, 3072, 8192, 24, 8, 128, 128_256, 131_072, 5e5f, 1e-5f, Tied: true, "llama-bpe", 32),
    ];

    /// <summary>The shape of a name, in any case, or null.</summary>
    public static ModelShape? Find(string name) => All.FirstOrDefault(s => s.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
}
