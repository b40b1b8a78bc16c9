using Ponder.Models.Files;
using Ponder.Models.Tokenizers;

namespace Ponder.Models.Tests.Tokenizers;

public class GgufVocabularyTests
{
    private const int Normal = 1, Unknown = 2, Control = 3, UserDefined = 4, Byte = 6;

    private static GgufVocabulary Pieces(string model) => Vocabulary(model,
        [("<unk>", 0, Unknown), ("<s>", 0, Control), ("</s>", 0, Control), ("▁▁▁", 0, UserDefined), .. Enumerable.Range(0, 256).Select(value => ($"<0x{value:X2}>", 0f, Byte)),
            ("▁", -3, Normal), ("a", -3, Normal), ("b", -3, Normal), ("ab", -4, Normal), ("▁ab", -4.5f, Normal), ("▁a", -9, Normal), ("日本", -5, Normal)])
        with
    { Bos = 1, Eos = 2, Unknown = 0 };

    private static GgufVocabulary Vocabulary(string model, (string Name, float Score, int Type)[] tokens) => new()
    {
        Path = "test.gguf",
        Model = model,
        Tokens = [.. tokens.Select(token => token.Name)],
        Scores = [.. tokens.Select(token => token.Score)],
        TokenTypes = [.. tokens.Select(token => token.Type)],
    };

    private static string[] Names(Tokenizer tokenizer, string text, EncodeOptions options = default) => [.. tokenizer.Encode(text, options).Select(tokenizer.NameOf)];

    [Fact]
    public void Sentencepiece_merges_by_score()
    {
        var tokenizer = TokenizerFactory.FromGguf(Pieces("llama"));
        Names(tokenizer, "ab a", new EncodeOptions { AddSpecial = true }).ShouldBe(["<s>", "▁ab", "▁a"]);
        Names(tokenizer, "日本日é").ShouldBe(["▁", "日本", "<0xE6>", "<0x97>", "<0xA5>", "<0xC3>", "<0xA9>"]);
        Names(tokenizer, "a   b").ShouldBe(["▁a", "▁▁▁", "▁", "b"]);
        tokenizer.Decode(tokenizer.Encode(" a   b日x")).ShouldBe(" a    b日x");
        Names(tokenizer, "<s>").ShouldNotContain("<s>");
        Names(TokenizerFactory.FromGguf(Pieces("llama") with { AddSpacePrefix = false }), "ab").ShouldBe(["ab"]);
    }

    [Fact]
    public void Unigram_maximizes_the_score()
    {
        var tokenizer = TokenizerFactory.FromGguf(Pieces("t5") with { RemoveExtraWhitespaces = true });
        Names(tokenizer, "  ab  a ", new EncodeOptions { AddSpecial = true }).ShouldBe(["▁ab", "▁", "a", "</s>"]);
        Names(tokenizer, "é").ShouldBe(["▁", "<0xC3>", "<0xA9>"]);
    }

    [Fact]
    public void Wordpieces_begin_with_a_mark()
    {
        var tokenizer = TokenizerFactory.FromGguf(Vocabulary("bert",
            [("[UNK]", 0, Control), ("[CLS]", 0, Control), ("[SEP]", 0, Control), ("▁un", 0, Normal), ("able", 0, Normal), ("▁.", 0, Normal)])
            with
        { Unknown = 0, Bos = 1, Separator = 2 });
        Names(tokenizer, "UNable. x", new EncodeOptions { AddSpecial = true }).ShouldBe(["[CLS]", "▁un", "able", "▁.", "[UNK]", "[SEP]"]);
        tokenizer.Decode([1, 3, 4, 5, 3, 2]).ShouldBe("unable. un");
    }

    [Fact]
    public void Ends_of_generation_are_declared_or_well_known()
    {
        var vocabulary = Vocabulary("llama", [("<unk>", 0, Unknown), ("</s>", 0, Control), ("<|eot_id|>", 0, Control), ("<|im_end|>", 0, Normal), ("stop", 0, Control)]);
        TokenizerFactory.FromGguf(vocabulary with { Eom = 4 }).Special.EndOfGeneration.ShouldBe([1, 2, 4], ignoreOrder: true);
    }

    [Fact]
    public void Wrong_fields_are_refused_by_name()
    {
        var good = Pieces("llama");
        Refusal(good with { Model = "rwkv" }).ShouldContain("tokenizer.ggml.model is rwkv");
        Refusal(good with { Scores = [1] }).ShouldContain("tokenizer.ggml.scores");
        Refusal(good with { Scores = null }).ShouldContain("tokenizer.ggml.scores is missing");
        Refusal(good with { TokenTypes = [1] }).ShouldContain("tokenizer.ggml.token_type");
        Refusal(good with { Eos = 9999 }).ShouldContain("tokenizer.ggml.eos_token_id is 9999");
        Refusal(good with { Tokens = [] }).ShouldContain("tokenizer.ggml.tokens is empty");
        Refusal(good with { Model = "gpt2", Pre = "default" }).ShouldContain("llama-bpe");
        Refusal(good with { Model = "gpt2" }).ShouldContain("tokenizer.ggml.pre is missing");
        Refusal(good with { Model = "gpt2", Pre = "gpt-2" }).ShouldContain("tokenizer.ggml.merges is missing");
        Refusal(good with { Model = "gpt2", Pre = "gpt-2", Merges = ["a"] }).ShouldContain("tokenizer.ggml.merges holds a at 0");
        Refusal(good with { Model = "gpt2", Pre = "gpt-2", Merges = ["a z"] }).ShouldContain("names z at 0");
        Refusal(good with { PrecompiledCharsMap = [1, 2, 3] }).ShouldContain("tokenizer.ggml.precompiled_charsmap");

        static string Refusal(GgufVocabulary vocabulary)
        {
            var error = Should.Throw<ModelFileException>(() => TokenizerFactory.FromGguf(vocabulary));
            error.Path.ShouldBe("test.gguf");
            return error.Message;
        }
    }
}
