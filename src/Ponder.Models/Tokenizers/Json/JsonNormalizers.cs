using System.Text;
using Ponder.Models.Files.Json;
using Ponder.Models.Tokenizers.Normalizing;
using Ponder.Models.Tokenizers.Splitting;

namespace Ponder.Models.Tokenizers.Json;

/// <summary>Reads <c>normalizer</c>.</summary>
internal static class JsonNormalizers
{
    /// <summary>Builds the normalizer; null when there is none.</summary>
    public static Normalizer? Read(JsonPart part)
    {
        if (part.IsNull)
            return null;
        return part.Type() switch
        {
            "Sequence" => new SequenceNormalizer([.. part["normalizers"].Items().Select(item => Read(item) ?? throw item.Wrong("a normalizer"))]),
            "NFC" => new UnicodeNormalizer(NormalizationForm.FormC),
            "NFD" => new UnicodeNormalizer(NormalizationForm.FormD),
            "NFKC" => new UnicodeNormalizer(NormalizationForm.FormKC),
            "NFKD" => new UnicodeNormalizer(NormalizationForm.FormKD),
            "Lowercase" => new LowercaseNormalizer(),
            "StripAccents" => new StripAccentsNormalizer(),
            "Prepend" => new PrependNormalizer(part["prepend"].String()),
            "Strip" => new StripNormalizer(part["strip_left"].Bool(true), part["strip_right"].Bool(true)),
            "Replace" => Replace(part),
            "BertNormalizer" => Bert(part),
            "Precompiled" => Precompiled(part["precompiled_charsmap"]),
            var other => throw part.Error($"has the type {other}, which is none of Sequence, NFC, NFD, NFKC, NFKD, Lowercase, StripAccents, "
                + "Prepend, Strip, Replace, BertNormalizer, Precompiled"),
        };
    }

    private static BertNormalizer Bert(JsonPart part)
    {
        bool lowercase = part["lowercase"].Bool(true);
        return new BertNormalizer(part["clean_text"].Bool(true), part["handle_chinese_chars"].Bool(true),
            part["strip_accents"].BoolOrNull() ?? lowercase, lowercase);
    }

    private static Normalizer Replace(JsonPart part)
    {
        string to = part["content"].String();
        var pattern = part["pattern"];
        if (!pattern["Regex"].IsNull)
            return new RegexReplaceNormalizer(Patterns.Compile(pattern["Regex"].String(), pattern), to);
        string from = pattern["String"].String();
        return from.Length > 0 ? new ReplaceNormalizer(from, to) : throw pattern.Error("is empty");
    }

    private static CharsMapNormalizer Precompiled(JsonPart part)
    {
        try
        {
            return new CharsMapNormalizer(Convert.FromBase64String(part.String()));
        }
        catch (Exception error) when (error is FormatException or TokenizerException)
        {
            throw part.Error($"is not a table of characters: {error.Message}");
        }
    }
}
