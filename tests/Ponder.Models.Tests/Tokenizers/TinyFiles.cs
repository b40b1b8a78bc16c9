using System.Text.Json;
using Ponder.Models.Tokenizers;
using Ponder.Models.Tokenizers.Models;

namespace Ponder.Models.Tests.Tokenizers;

/// <summary>Small tokenizer.json files of every kind of model.</summary>
internal static class TinyFiles
{
    public static readonly IReadOnlyDictionary<string, Func<string>> All = new Dictionary<string, Func<string>>
    {
        ["byte-level"] = () => ByteLevel(),
        ["sentencepiece"] = SentencePiece,
        ["wordpiece"] = WordPiece,
        ["unigram"] = () => Unigram(),
    };

    /// <summary>All 256 bytes, then the merges; the special tokens &lt;s&gt; and &lt;/s&gt; and the plain added token TOOL.</summary>
    public static string ByteLevel(object? preTokenizer = null, object? normalizer = null, bool ignoreMerges = false, int bytes = 256) => Json(new
    {
        added_tokens = new[]
        {
            new { id = 300, content = "<s>", special = true, lstrip = false, rstrip = false, single_word = false, normalized = false },
            new { id = 301, content = "</s>", special = true, lstrip = false, rstrip = true, single_word = false, normalized = false },
            new { id = 302, content = "TOOL", special = false, lstrip = true, rstrip = false, single_word = true, normalized = true },
        },
        normalizer = normalizer ?? new { type = "NFC" },
        pre_tokenizer = preTokenizer ?? new { type = "ByteLevel", add_prefix_space = false, use_regex = true },
        post_processor = Template("<s>", 300, "</s>", 301),
        decoder = new { type = "ByteLevel" },
        model = new
        {
            type = "BPE",
            ignore_merges = ignoreMerges,
            vocab = Enumerable.Range(0, bytes).Select(value => ByteAlphabet.CharacterOf((byte)value).ToString())
                .Concat(["he", "ll", "hell", "hello", "Ġhe", "Ġhello", "wor"]).Select((name, id) => (name, id)).ToDictionary(token => token.name, token => token.id),
            merges = new object[] { "h e", "l l", new[] { "he", "ll" }, "hell o", "Ġ he", "Ġ hello" },
        },
    });

    /// <summary>As Llama's older files are: spaces become ▁ in the normalizer, unknown characters become bytes.</summary>
    public static string SentencePiece() => Json(new
    {
        added_tokens = new[] { new { id = 0, content = "<unk>", special = true }, new { id = 1, content = "<s>", special = true } },
        normalizer = new
        {
            type = "Sequence",
            normalizers = new object[] { new { type = "Prepend", prepend = "▁" }, new { type = "Replace", pattern = new { String = " " }, content = "▁" } },
        },
        post_processor = new { type = "BertProcessing", sep = new object[] { "<unk>", 0 }, cls = new object[] { "<s>", 1 } },
        decoder = new
        {
            type = "Sequence",
            decoders = new object[]
            {
                new { type = "Replace", pattern = new { String = "▁" }, content = " " }, new { type = "ByteFallback" }, new { type = "Fuse" },
                new { type = "Strip", content = " ", start = 1, stop = 0 },
            },
        },
        model = new
        {
            type = "BPE",
            unk_token = "<unk>",
            fuse_unk = true,
            byte_fallback = true,
            vocab = new[] { "<unk>", "<s>" }.Concat(Enumerable.Range(0, 256).Select(value => $"<0x{value:X2}>")).Concat(["▁", "a", "b", "ab", "▁ab", "▁▁"])
                .Select((name, id) => (name, id)).ToDictionary(token => token.name, token => token.id),
            merges = new[] { "▁ ▁", "a b", "▁ ab" },
        },
    });

    public static string WordPiece() => Json(new
    {
        added_tokens = new[] { new { id = 0, content = "[UNK]", special = true }, new { id = 1, content = "[CLS]", special = true }, new { id = 2, content = "[SEP]", special = true } },
        normalizer = new { type = "BertNormalizer", clean_text = true, handle_chinese_chars = true, strip_accents = (bool?)null, lowercase = true },
        pre_tokenizer = new { type = "BertPreTokenizer" },
        post_processor = Template("[CLS]", 1, "[SEP]", 2),
        decoder = new { type = "WordPiece", prefix = "##", cleanup = true },
        model = new
        {
            type = "WordPiece",
            unk_token = "[UNK]",
            continuing_subword_prefix = "##",
            max_input_chars_per_word = 20,
            vocab = Ids("[UNK]", "[CLS]", "[SEP]", "un", "##aff", "##able", "cafe", "##s", ",", "!", "中"),
        },
    });

    public static string Unigram(bool byteFallback = false, string? charsMap = null) => Json(new
    {
        added_tokens = new[] { new { id = 0, content = "<unk>", special = true } },
        normalizer = new { type = "Precompiled", precompiled_charsmap = charsMap ?? CharsMap('A', "a") },
        pre_tokenizer = new
        {
            type = "Sequence",
            pretokenizers = new object[]
            {
                new { type = "Digits", individual_digits = true }, new { type = "Split", pattern = new { Regex = "[xyz]|(?<=q)q" }, behavior = "MergedWithNext", invert = false },
                new { type = "Metaspace", replacement = "▁", prepend_scheme = "first", split = true },
            },
        },
        decoder = new { type = "Metaspace", replacement = "▁", prepend_scheme = "always" },
        model = new
        {
            type = "Unigram",
            unk_id = 0,
            byte_fallback = byteFallback,
            vocab = new object[] { new object[] { "<unk>", 0 }, Piece("▁", -3), Piece("a", -3), Piece("b", -3), Piece("ab", -4), Piece("▁ab", -4.5), Piece("abb", -8) }
                .Concat(Enumerable.Range(0, byteFallback ? 256 : 0).Select(value => Piece($"<0x{value:X2}>", 0))),
        },
    });

    /// <summary>A table that replaces one ASCII character: a trie of one key, by hand.</summary>
    public static string CharsMap(char from, string to)
    {
        uint[] units = new uint[256];
        units[0] = 1 << 10;                                     // children of the root at 1 ^ label
        int node = 1 ^ from;
        units[node] = from | 0x100u | (1 << 10);                // a value below, at node ^ 1
        units[node ^ 1] = 0x8000_0000;                          // replacement 0
        byte[] bytes = [.. BitConverter.GetBytes(units.Length * 4), .. units.SelectMany(BitConverter.GetBytes), .. System.Text.Encoding.UTF8.GetBytes(to), 0];
        return Convert.ToBase64String(bytes);
    }

    /// <summary>Loads a tokenizer from its text, through a file.</summary>
    public static Tokenizer Load(string json)
    {
        string folder = Directory.CreateTempSubdirectory("ponder-tokenizer").FullName;
        try
        {
            string path = Path.Combine(folder, "tokenizer.json");
            File.WriteAllText(path, json);
            return TokenizerFactory.FromJson(path);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static object[] Piece(string name, double score) => [name, score];

    private static Dictionary<string, int> Ids(params string[] names) => names.Select((name, id) => (name, id)).ToDictionary(token => token.name, token => token.id);

    private static object Template(string first, int firstId, string last, int lastId) => new
    {
        type = "TemplateProcessing",
        single = new object[]
        {
            new { SpecialToken = new { id = first, type_id = 0 } }, new { Sequence = new { id = "A", type_id = 0 } }, new { SpecialToken = new { id = last, type_id = 0 } },
        },
        special_tokens = new Dictionary<string, object>
        {
            [first] = new { id = first, ids = new[] { firstId }, tokens = new[] { first } },
            [last] = new { id = last, ids = new[] { lastId }, tokens = new[] { last } },
        },
    };

    private static string Json(object value) => JsonSerializer.Serialize(value);
}
