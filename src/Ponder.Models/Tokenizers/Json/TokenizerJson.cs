using Ponder.Models.Files;
using Ponder.Models.Files.Json;

namespace Ponder.Models.Tokenizers.Json;

/// <summary>
/// Reads <c>tokenizer.json</c>, the format of Hugging Face's tokenizers. What it asks for is done or refused, never
/// skipped; <c>truncation</c> and <c>padding</c> are left to the caller, who knows the context.
/// </summary>
internal static class TokenizerJson
{
    /// <summary>Builds the tokenizer.</summary>
    /// <exception cref="ModelFileException">The file is damaged or asks for something unknown.</exception>
    public static Tokenizer Load(string path, TokenizerConfig config)
    {
        using var file = JsonFile.Open(path);
        var root = file.Root;
        var model = root["model"];
        var table = JsonModels.ReadVocabulary(model);
        var added = ReadAddedTokens(root["added_tokens"], table);

        string[] names = table.Names;
        bool[] special = new bool[names.Length];
        foreach (var token in added)
            special[token.Id] = token.IsSpecial;
        var decoder = JsonDecoders.Read(root["decoder"]);
        var vocabulary = new Vocabulary(names, special, (_, name) => decoder.BytesOf(name));

        var splitters = JsonSplitters.Read(root["pre_tokenizer"], out bool byteLevel);
        var (prefix, suffix) = JsonPostProcessors.Read(root["post_processor"], table);
        var roles = SpecialIds(config, table, added, model["unk_token"], root);
        return new PipelineTokenizer(new TokenizerParts
        {
            Vocabulary = vocabulary,
            Model = JsonModels.Read(model, table, vocabulary, byteLevel),
            Normalizer = JsonNormalizers.Read(root["normalizer"]),
            Splitters = splitters,
            AddedTokens = added,
            Special = roles,
            Prefix = Begin(prefix, roles.Bos, config.AddBos),
            Suffix = End(suffix, roles.Eos, config.AddEos),
            LeadingSpaces = decoder.LeadingSpaces,
        });
    }

    private static List<AddedToken> ReadAddedTokens(JsonPart part, TokenTable table)
    {
        var tokens = new List<AddedToken>();
        foreach (var item in part.IsNull ? [] : part.Items())
        {
            bool special = item["special"].Bool(false);
            var token = new AddedToken(item["id"].Int(), item["content"].String())
            {
                IsSpecial = special,
                StripsLeft = item["lstrip"].Bool(false),
                StripsRight = item["rstrip"].Bool(false),
                IsSingleWord = item["single_word"].Bool(false),
                IsNormalized = item["normalized"].Bool(!special),
            };
            table.Add(token.Id, token.Content, item);
            tokens.Add(token);
        }
        return tokens;
    }

    private static SpecialTokens SpecialIds(TokenizerConfig config, TokenTable table, List<AddedToken> added, JsonPart unknown, JsonPart root)
    {
        int? Id(string role) => config.Names.TryGetValue(role, out string? name) && table.Ids.TryGetValue(name, out int id) ? id : null;

        int? eos = Id("eos_token");
        foreach (int id in config.EndOfGeneration)
        {
            if (id < 0 || id >= table.Size)
                throw root.Error($"has {table.Size} tokens, but generation ends with the id {id}");
        }
        return new SpecialTokens
        {
            Bos = Id("bos_token"),
            Eos = eos,
            Unknown = Id("unk_token") ?? (unknown.IsString && table.Ids.TryGetValue(unknown.String(), out int missing) ? missing : null),
            Separator = Id("sep_token"),
            Classifier = Id("cls_token"),
            Padding = Id("pad_token"),
            Mask = Id("mask_token"),
            EndOfGeneration = GenerationEnds.Collect([eos, .. config.EndOfGeneration.Select(end => (int?)end)],
                name => added.Find(token => token.IsSpecial && token.Content == name)?.Id),
        };
    }

    private static int[] Begin(int[] prefix, int? bos, bool? wanted) => (wanted, bos, prefix) switch
    {
        (true, { } id, _) when !prefix.Contains(id) => [id, .. prefix],
        (false, { } id, [var first, .. var others]) when first == id => others,
        _ => prefix,
    };

    private static int[] End(int[] suffix, int? eos, bool? wanted) => (wanted, eos, suffix) switch
    {
        (true, { } id, _) when !suffix.Contains(id) => [.. suffix, id],
        (false, { } id, [.. var others, var last]) when last == id => others,
        _ => suffix,
    };
}
