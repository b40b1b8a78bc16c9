using Ponder.Models.Files;
using Ponder.Models.Gguf;

namespace Ponder.Models.Tokenizers;

/// <summary>What a GGUF file says about its vocabulary, field by field (<c>tokenizer.ggml.*</c>); null where it is silent.</summary>
public sealed record GgufVocabulary
{
    /// <summary>The file, for error messages.</summary>
    public required string Path { get; init; }

    /// <summary><c>general.name</c>: some models need rules that the file does not state.</summary>
    public string? ModelName { get; init; }

    /// <summary><c>model</c>: gpt2 (byte-level BPE), llama (SentencePiece BPE), t5 (unigram), bert (WordPiece).</summary>
    public required string Model { get; init; }

    /// <summary><c>pre</c>: the pre-tokenizer of byte-level BPE.</summary>
    public string? Pre { get; init; }

    /// <summary><c>tokens</c>: names by id.</summary>
    public required IReadOnlyList<string> Tokens { get; init; }

    /// <summary><c>scores</c>, by id; null or as many as tokens.</summary>
    public IReadOnlyList<float>? Scores { get; init; }

    /// <summary><c>token_type</c>, by id: 1 normal, 2 unknown, 3 control, 4 user-defined, 5 unused, 6 byte; null or as many as tokens.</summary>
    public IReadOnlyList<int>? TokenTypes { get; init; }

    /// <summary><c>merges</c>: pairs with a space between them, by rank.</summary>
    public IReadOnlyList<string>? Merges { get; init; }

    /// <summary><c>bos_token_id</c>.</summary>
    public int? Bos { get; init; }

    /// <summary><c>eos_token_id</c>.</summary>
    public int? Eos { get; init; }

    /// <summary><c>eot_token_id</c>: end of turn.</summary>
    public int? Eot { get; init; }

    /// <summary><c>eom_token_id</c>: end of message.</summary>
    public int? Eom { get; init; }

    /// <summary><c>unknown_token_id</c>.</summary>
    public int? Unknown { get; init; }

    /// <summary><c>seperator_token_id</c> (as the format spells it).</summary>
    public int? Separator { get; init; }

    /// <summary><c>padding_token_id</c>.</summary>
    public int? Padding { get; init; }

    /// <summary><c>cls_token_id</c>.</summary>
    public int? Classifier { get; init; }

    /// <summary><c>mask_token_id</c>.</summary>
    public int? Mask { get; init; }

    /// <summary><c>add_bos_token</c>.</summary>
    public bool? AddBos { get; init; }

    /// <summary><c>add_eos_token</c>.</summary>
    public bool? AddEos { get; init; }

    /// <summary><c>add_space_prefix</c>.</summary>
    public bool? AddSpacePrefix { get; init; }

    /// <summary><c>remove_extra_whitespaces</c>.</summary>
    public bool? RemoveExtraWhitespaces { get; init; }

    /// <summary><c>precompiled_charsmap</c>.</summary>
    public byte[]? PrecompiledCharsMap { get; init; }

    /// <summary>Reads the vocabulary of a file.</summary>
    /// <param name="file">An open file; it may be closed afterwards.</param>
    /// <exception cref="ModelFileException">A field is missing or of the wrong type.</exception>
    public static GgufVocabulary Read(GgufFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        return GgufVocabularyReader.Read(file.Metadata);
    }
}
