using Ponder.Models.Gguf;

namespace Ponder.Models.Tokenizers;

/// <summary>Reads the vocabulary from a GGUF file's metadata.</summary>
internal static class GgufVocabularyReader
{
    private const string Prefix = "tokenizer.ggml.";

    /// <summary>Reads the fields; they are checked where they are used.</summary>
    public static GgufVocabulary Read(GgufMetadata metadata) => new()
    {
        Path = metadata.Path,
        ModelName = metadata.TryGetString("general.name", out string? name) ? name : null,
        Model = metadata.GetString(Prefix + "model"),
        Pre = metadata.TryGetString(Prefix + "pre", out string? pre) ? pre : null,
        Tokens = metadata.GetStringArray(Prefix + "tokens"),
        Scores = metadata.TryGetFloatArray(Prefix + "scores", out float[]? scores) ? scores : null,
        TokenTypes = metadata.TryGetInt32Array(Prefix + "token_type", out int[]? types) ? types : null,
        Merges = metadata.TryGetStringArray(Prefix + "merges", out string[]? merges) ? merges : null,
        Bos = Id(metadata, "bos_token_id"),
        Eos = Id(metadata, "eos_token_id"),
        Eot = Id(metadata, "eot_token_id"),
        Eom = Id(metadata, "eom_token_id"),
        Unknown = Id(metadata, "unknown_token_id"),
        Separator = Id(metadata, "seperator_token_id"),
        Padding = Id(metadata, "padding_token_id"),
        Classifier = Id(metadata, "cls_token_id"),
        Mask = Id(metadata, "mask_token_id"),
        AddBos = Flag(metadata, "add_bos_token"),
        AddEos = Flag(metadata, "add_eos_token"),
        AddSpacePrefix = Flag(metadata, "add_space_prefix"),
        RemoveExtraWhitespaces = Flag(metadata, "remove_extra_whitespaces"),
        PrecompiledCharsMap = metadata.TryGetInt32Array(Prefix + "precompiled_charsmap", out int[]? table)
            ? [.. table.Select(value => unchecked((byte)value))]
            : null,
    };

    // Some converters write -1 for "none", as 32 unsigned bits.
    private static int? Id(GgufMetadata metadata, string field)
    {
        if (!metadata.TryGetInt64(Prefix + field, out long id) || id is -1 or uint.MaxValue)
            return null;
        return (int)Math.Clamp(id, int.MinValue, int.MaxValue);
    }

    private static bool? Flag(GgufMetadata metadata, string field) => metadata.TryGetBool(Prefix + field, out bool value) ? value : null;
}
