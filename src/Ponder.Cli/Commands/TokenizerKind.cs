using System.Text.Json;
using Ponder.Models.Loading;

namespace Ponder.Cli.Commands;

/// <summary>Names the kind of a model's tokenizer.</summary>
internal static class TokenizerKind
{
    /// <summary>The kind, as the model's own files name it.</summary>
    public static string Of(ModelPackage package) =>
        package.Gguf is { } gguf ? OfGguf(gguf.Metadata) : OfJson(Path.Combine(package.Path.Folder!, "tokenizer.json"));

    private static string OfGguf(Models.Gguf.GgufMetadata metadata)
    {
        string kind = metadata.TryGetString("tokenizer.ggml.model", out string? model) ? model : "";
        string splitter = metadata.TryGetString("tokenizer.ggml.pre", out string? pre) ? $" ({pre})" : "";
        return kind switch
        {
            "gpt2" => $"byte-level BPE{splitter}",
            "llama" => "SentencePiece BPE",
            "t5" => "SentencePiece unigram",
            "bert" => "WordPiece",
            _ => kind,
        };
    }

    // The tokenizer was read from this file already, so that it is sound.
    private static string OfJson(string path)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(path));
        return document.RootElement.TryGetProperty("model", out var model)
            && model.TryGetProperty("type", out var type) ? type.ToString() : "unknown";
    }
}
