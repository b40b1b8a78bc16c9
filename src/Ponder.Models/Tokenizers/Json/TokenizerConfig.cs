using Ponder.Models.Files.Json;

namespace Ponder.Models.Tokenizers.Json;

/// <summary>What <c>tokenizer_config.json</c> and <c>generation_config.json</c> say beside a <c>tokenizer.json</c>.</summary>
internal sealed record TokenizerConfig
{
    /// <summary>Names of special tokens by the field that gives them (<c>bos_token</c>).</summary>
    public IReadOnlyDictionary<string, string> Names { get; init; } = new Dictionary<string, string>();

    /// <summary>Wants BOS before a text; null leaves it to the post-processor.</summary>
    public bool? AddBos { get; init; }

    /// <summary>Wants EOS after a text; null leaves it to the post-processor.</summary>
    public bool? AddEos { get; init; }

    /// <summary>Ids that end a generation.</summary>
    public IReadOnlyList<int> EndOfGeneration { get; init; } = [];

    private static readonly string[] Roles = ["bos_token", "eos_token", "unk_token", "sep_token", "cls_token", "pad_token", "mask_token"];

    /// <summary>Reads what is there of the two files in a folder.</summary>
    public static TokenizerConfig Read(string folder)
    {
        var config = new TokenizerConfig();
        string path = Path.Combine(folder, "tokenizer_config.json");
        if (File.Exists(path))
            config = ReadNames(path);
        path = Path.Combine(folder, "generation_config.json");
        return File.Exists(path) ? config with { EndOfGeneration = ReadEnds(path) } : config;
    }

    private static TokenizerConfig ReadNames(string path)
    {
        using var file = JsonFile.Open(path);
        var root = file.Root;
        var names = new Dictionary<string, string>();
        foreach (string role in Roles)
        {
            if (root[role].TokenOrNull() is { } name)
                names[role] = name;
        }
        return new TokenizerConfig
        {
            Names = names,
            AddBos = root["add_bos_token"].BoolOrNull(),
            AddEos = root["add_eos_token"].BoolOrNull(),
        };
    }

    private static int[] ReadEnds(string path)
    {
        using var file = JsonFile.Open(path);
        var ends = file.Root["eos_token_id"];
        return ends.IsNull ? [] : ends.IsArray ? [.. ends.Items().Select(item => item.Int())] : [ends.Int()];
    }
}
