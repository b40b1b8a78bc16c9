using Ponder.Models.Files;
using Ponder.Models.Gguf;
using Ponder.Models.Tokenizers.Json;

namespace Ponder.Models.Tokenizers;

/// <summary>Builds tokenizers from model files.</summary>
public static class TokenizerFactory
{
    /// <summary>
    /// Reads <c>tokenizer.json</c> in a model's folder, with what <c>tokenizer_config.json</c> (special tokens, BOS, EOS)
    /// and <c>generation_config.json</c> (<c>eos_token_id</c>) beside it say.
    /// </summary>
    /// <param name="folder">The folder of the model.</param>
    /// <exception cref="ModelFileException">A file is damaged or asks for something unknown.</exception>
    /// <exception cref="TokenizerException">The vocabulary cannot be used.</exception>
    public static Tokenizer FromFolder(string folder) => FromJson(Path.Combine(folder, "tokenizer.json"));

    /// <summary>Reads a <c>tokenizer.json</c>, and the configurations beside it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="endOfGeneration">Ids that end a generation, besides those that the files name.</param>
    /// <exception cref="ModelFileException">A file is damaged or asks for something unknown.</exception>
    /// <exception cref="TokenizerException">The vocabulary cannot be used.</exception>
    public static Tokenizer FromJson(string path, IEnumerable<int>? endOfGeneration = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        var config = TokenizerConfig.Read(Path.GetDirectoryName(Path.GetFullPath(path))!);
        return TokenizerJson.Load(path, config with { EndOfGeneration = [.. config.EndOfGeneration, .. endOfGeneration ?? []] });
    }

    /// <summary>Builds the tokenizer of a GGUF file.</summary>
    /// <param name="vocabulary">What the file says.</param>
    /// <exception cref="ModelFileException">A field is missing or wrong, or names a pre-tokenizer that is not known.</exception>
    public static Tokenizer FromGguf(GgufVocabulary vocabulary)
    {
        ArgumentNullException.ThrowIfNull(vocabulary);
        return GgufTokenizers.Build(vocabulary);
    }

    /// <summary>Builds the tokenizer of an open GGUF file, which may be closed afterwards.</summary>
    /// <param name="file">The file.</param>
    /// <exception cref="ModelFileException">A field is missing or wrong, or names a pre-tokenizer that is not known.</exception>
    public static Tokenizer FromGguf(GgufFile file) => FromGguf(GgufVocabulary.Read(file));
}
