using System.Text.Json.Nodes;
using Ponder.Models.Files;
using Ponder.Models.Tokenizers;

namespace Ponder.Models.Tests.Tokenizers;

public class TokenizerJsonTests
{
    private static readonly EncodeOptions Special = new() { AddSpecial = true, ParseSpecial = true };

    private static string[] Names(Tokenizer tokenizer, string text, EncodeOptions options = default) => [.. tokenizer.Encode(text, options).Select(tokenizer.NameOf)];

    [Fact]
    public void Byte_level_bpe_merges_by_rank()
    {
        var tokenizer = TinyFiles.Load(TinyFiles.ByteLevel());
        Names(tokenizer, "hello hello hel é").ShouldBe(["hello", "Ġhello", "Ġhe", "l", "Ġ", "Ã", "©"]);
    }

    [Fact]
    public void Ignore_merges_takes_whole_words_first()
    {
        Names(TinyFiles.Load(TinyFiles.ByteLevel(ignoreMerges: true)), "wor world").ShouldBe(["wor", "Ġ", "w", "o", "r", "l", "d"]);
        Names(TinyFiles.Load(TinyFiles.ByteLevel()), "wor").ShouldBe(["w", "o", "r"]);
    }

    [Fact]
    public void Special_tokens_are_text_unless_asked_for()
    {
        var tokenizer = TinyFiles.Load(TinyFiles.ByteLevel());
        Names(tokenizer, "<s>").ShouldBe(["<", "s", ">"]);
        Names(tokenizer, "a</s> \n<s>", Special).ShouldBe(["<s>", "a", "</s>", "<s>", "</s>"]);
        tokenizer.Decode(tokenizer.Encode("a</s>", Special)).ShouldBe("a");
        tokenizer.Decode(tokenizer.Encode("a</s>", Special), skipSpecial: false).ShouldBe("<s>a</s></s>");
    }

    [Fact]
    public void Plain_added_tokens_are_always_found_as_their_flags_say() =>
        Names(TinyFiles.Load(TinyFiles.ByteLevel()), "a  TOOL TOOLS").ShouldBe(["a", "TOOL", "Ġ", "T", "O", "O", "L", "S"]);

    [Fact]
    public void Nfc_composes_before_bytes() =>
        TinyFiles.Load(TinyFiles.ByteLevel()).Encode("e\u0301").ShouldBe(TinyFiles.Load(TinyFiles.ByteLevel()).Encode("é"));

    [Fact]
    public void Prefix_space_goes_before_every_segment_without_one()
    {
        var tokenizer = TinyFiles.Load(TinyFiles.ByteLevel(new { type = "ByteLevel", add_prefix_space = true }));
        Names(tokenizer, "hello</s>hello", new EncodeOptions { ParseSpecial = true }).ShouldBe(["Ġhello", "</s>", "Ġhello"]);
        Names(tokenizer, " hello").ShouldBe(["Ġhello"]);
    }

    [Fact]
    public void A_missing_byte_is_named_when_a_text_needs_it()
    {
        var tokenizer = TinyFiles.Load(TinyFiles.ByteLevel(bytes: 255));
        tokenizer.Encode("hello").Length.ShouldBe(1);
        Should.Throw<TokenizerException>(() => TinyFiles.Load(TinyFiles.ByteLevel(bytes: 150)).Encode("é")).Message.ShouldContain("0xC3");
    }

    [Fact]
    public void Sentencepiece_marks_spaces_and_falls_back_to_bytes()
    {
        var tokenizer = TinyFiles.Load(TinyFiles.SentencePiece());
        Names(tokenizer, "ab  ab").ShouldBe(["▁ab", "▁▁", "ab"]);
        Names(tokenizer, "é").ShouldBe(["▁", "<0xC3>", "<0xA9>"]);
        tokenizer.Decode(tokenizer.Encode("  ab é\0\0 ", Special)).ShouldBe("  ab é\0\0 ");
        tokenizer.Encode("a", Special).ShouldBe([1, tokenizer.IdOf("▁")!.Value, tokenizer.IdOf("a")!.Value, 0]);
    }

    [Fact]
    public void Wordpiece_cleans_words_and_marks_continuations()
    {
        var tokenizer = TinyFiles.Load(TinyFiles.WordPiece());
        Names(tokenizer, "Unaffable,\tCAFÉS 中!", Special).ShouldBe(["[CLS]", "un", "##aff", "##able", ",", "cafe", "##s", "中", "!", "[SEP]"]);
        Names(tokenizer, "cafex un" + new string('s', 20)).ShouldBe(["[UNK]", "[UNK]"]);
        tokenizer.Decode(tokenizer.Encode("unaffable, cafes!")).ShouldBe("unaffable, cafes!");
    }

    [Fact]
    public void Unigram_takes_the_best_path()
    {
        var tokenizer = TinyFiles.Load(TinyFiles.Unigram());
        Names(tokenizer, "abb").ShouldBe(["▁ab", "b"]);
        Names(tokenizer, "Ab a").ShouldBe(["▁ab", "▁", "a"]);
        Names(tokenizer, "ab日本b").ShouldBe(["▁ab", "<unk>", "b"]);
        tokenizer.Decode(tokenizer.Encode("ab ab")).ShouldBe("ab ab");
        TinyFiles.Load(TinyFiles.Unigram().Replace("<unk>", "</s>", StringComparison.Ordinal)).Encode("</s>").Length.ShouldBe(2);
    }

    [Fact]
    public void Unigram_falls_back_to_bytes()
    {
        var tokenizer = TinyFiles.Load(TinyFiles.Unigram(byteFallback: true));
        Names(tokenizer, "é").ShouldBe(["▁", "<0xC3>", "<0xA9>"]);
    }

    [Theory]
    [InlineData("byte-level", "$.normalizer.type", "Bytes", "normalizer")]
    [InlineData("byte-level", "$.pre_tokenizer.type", "UnicodeScripts", "pre_tokenizer")]
    [InlineData("byte-level", "$.decoder.type", "CTC", "decoder")]
    [InlineData("byte-level", "$.post_processor.type", "Other", "post_processor")]
    [InlineData("byte-level", "$.model.type", "WordLevel", "model")]
    [InlineData("byte-level", "$.model.dropout", 0.1, "model.dropout")]
    [InlineData("byte-level", "$.model.end_of_word_suffix", "</w>", "model.end_of_word_suffix")]
    [InlineData("byte-level", "$.model.continuing_subword_prefix", "##", "model.continuing_subword_prefix")]
    [InlineData("byte-level", "$.model.unk_token", "<none>", "model.unk_token")]
    [InlineData("byte-level", "$.model.vocab.he", 2_000_000_000, "model.vocab")]
    [InlineData("byte-level", "$.model.vocab.he", -1, "model.vocab")]
    [InlineData("byte-level", "$.model.vocab.he", 3, "model.vocab")]
    [InlineData("unigram", "$.model.unk_id", 99, "model.unk_id")]
    [InlineData("unigram", "$.model.byte_fallback", true, "model.byte_fallback")]
    [InlineData("unigram", "$.normalizer.precompiled_charsmap", "AAAA", "precompiled_charsmap")]
    [InlineData("wordpiece", "$.model.unk_token", null, "model.unk_token")]
    public void What_is_wrong_or_unknown_is_refused_by_name(string file, string path, object? value, string field)
    {
        var root = JsonNode.Parse(TinyFiles.All[file]())!;
        string[] steps = path.Split('.')[1..];
        var node = steps[..^1].Aggregate(root, (at, step) => at[step]!);
        node[steps[^1]] = value is null ? null : JsonValue.Create(value);
        Should.Throw<ModelFileException>(() => TinyFiles.Load(root.ToJsonString())).Message.ShouldContain(field);
    }

    [Theory]
    [InlineData(@"[[:alpha:]]+")]
    [InlineData(@"[\p{L}&&[a-z]]+")]
    [InlineData(@"\p{L}++")]
    [InlineData(@"\p{Han}+")]
    [InlineData(@"(")]
    public void Patterns_that_cannot_be_run_as_written_are_refused(string pattern) =>
        Should.Throw<ModelFileException>(() => TinyFiles.Load(TinyFiles.ByteLevel(Split(pattern)))).Message.ShouldContain("pre_tokenizer.pretokenizers.pattern");

    [Fact]
    public void Other_patterns_are_run_as_they_are()
    {
        var tokenizer = TinyFiles.Load(TinyFiles.ByteLevel(Split(@"hell(?=o)|\s+$")));
        Names(tokenizer, "hello hell").ShouldBe(["hell", "o", "Ġ", "hell"]);
    }

    private static object Split(string pattern) => new
    {
        type = "Sequence",
        pretokenizers = new object[]
        {
            new { type = "Split", pattern = new { Regex = pattern }, behavior = "Isolated", invert = false },
            new { type = "ByteLevel", add_prefix_space = false, use_regex = false },
        },
    };

    [Fact]
    public void A_merge_of_unknown_tokens_is_refused() =>
        Should.Throw<ModelFileException>(() => TinyFiles.Load(TinyFiles.ByteLevel().Replace("hell o", "hell q", StringComparison.Ordinal))).Message.ShouldContain("model.merges");

    [Fact]
    public void Configurations_beside_the_file_name_the_roles()
    {
        string folder = Directory.CreateTempSubdirectory("ponder-tokenizer").FullName;
        File.WriteAllText(Path.Combine(folder, "tokenizer.json"), TinyFiles.ByteLevel());
        File.WriteAllText(Path.Combine(folder, "tokenizer_config.json"), """{"bos_token":{"content":"<s>"},"eos_token":"</s>","add_bos_token":false,"add_eos_token":true}""");
        File.WriteAllText(Path.Combine(folder, "generation_config.json"), """{"eos_token_id":[302]}""");
        var tokenizer = TokenizerFactory.FromFolder(folder);
        Directory.Delete(folder, recursive: true);
        (tokenizer.Special.Bos, tokenizer.Special.Eos).ShouldBe((300, 301));
        tokenizer.Special.EndOfGeneration.ShouldBe([301, 302], ignoreOrder: true);
        tokenizer.Encode("he", new EncodeOptions { AddSpecial = true }).ShouldBe([256, 301]);
    }
}
