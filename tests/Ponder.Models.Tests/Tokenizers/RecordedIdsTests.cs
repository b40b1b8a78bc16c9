using System.Globalization;
using System.Text.Json;
using Ponder.Models.Gguf;
using Ponder.Models.Tokenizers;
using Ponder.TestSupport;

namespace Ponder.Models.Tests.Tokenizers;

/// <summary>Ids that other implementations recorded.</summary>
public class RecordedIdsTests
{
    [SharedTheory]
    [InlineData("bert-bge")]
    [InlineData("deepseek-llm")]
    [InlineData("gpt-2")]
    [InlineData("llama-spm")]
    [InlineData("phi-3")]
    public void Vocabulary_files_give_the_recorded_ids(string name) => CheckTexts(FromGguf("data", "tokenizers", $"ggml-vocab-{name}.gguf"), name);

    [SharedFact]
    public void SmolLm2_gives_the_recorded_ids()
    {
        var tokenizer = FromGguf("models", "smollm2", "SmolLM2-135M-Instruct.Q4_1.gguf");
        var options = new EncodeOptions { ParseSpecial = true };
        foreach (var item in Json("models", "smollm2", "tokenize.json").EnumerateArray())
        {
            string text = item.GetProperty("text").GetString()!;
            tokenizer.Encode(text, options).ShouldBe(Ids(item.GetProperty("ids")), text);
            tokenizer.Decode(Ids(item.GetProperty("ids")), skipSpecial: false).ShouldBe(text);
        }
        foreach (var item in Json("models", "smollm2", "greedy.json").GetProperty("prompts").EnumerateArray())
        {
            tokenizer.Encode(item.GetProperty("prompt").GetString(), options).ShouldBe(Ids(item.GetProperty("prompt_ids")));
            tokenizer.Decode(Ids(item.GetProperty("greedy_ids")), skipSpecial: false).ShouldBe(item.GetProperty("greedy_text").GetString());
        }
    }

    [SharedFact]
    public void MiniLm_gguf_gives_the_recorded_ids() => CheckEmbeddingTexts(FromGguf("models", "minilm", "all-MiniLM-L6-v2-Q8_0.gguf"));

    [SharedFact]
    public void Tiny_llama_round_trips_its_stories()
    {
        var tokenizer = FromGguf("data", "tiny-llama", "stories260K-f32.gguf");
        string story = File.ReadAllText(SharedData.Path("data", "tiny-llama", "golden_t0_n257.txt"));
        int[] ids = tokenizer.Encode(story, new EncodeOptions { AddSpecial = true });
        ids[0].ShouldBe(1);
        ids.Length.ShouldBeLessThan(story.Length / 2);
        tokenizer.Decode(ids).ShouldBe(story);
    }

    [SharedFact]
    public void Qwen_json_gives_the_recorded_ids() =>
        CheckTexts(TokenizerFactory.FromJson(SharedData.Path("data", "tokenizers", "qwen3", "tokenizer.json")), "qwen2");

    [SharedFact]
    public void MiniLm_json_gives_the_recorded_ids() =>
        CheckEmbeddingTexts(TokenizerFactory.FromFolder(SharedData.Path("models", "minilm")));

    [Fact]
    public void Puzzle_policy_gives_the_recorded_ids()
    {
        var tokenizer = TokenizerFactory.FromFolder(Path.Combine(SharedData.Repository, "models", "puzzles", "policy"));
        using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(SharedData.Repository, "models", "puzzles", "reference.json")));
        int texts = 0;
        foreach (var item in document.RootElement.GetProperty("texts").EnumerateArray())
        {
            tokenizer.Encode(item.GetProperty("prompt").GetString(), new EncodeOptions { AddSpecial = true }).ShouldBe(Ids(item.GetProperty("prompt_ids")));
            foreach (string field in new[] { "sample", "greedy" })
            {
                string text = item.GetProperty(field).GetString()!;
                int[] ids = Ids(item.GetProperty(field + "_ids"));
                tokenizer.Encode(text).ShouldBe(ids);
                tokenizer.Decode(ids).ShouldBe(text);
            }
            texts++;
        }
        texts.ShouldBeGreaterThan(0);
    }

    private static void CheckTexts(Tokenizer tokenizer, string name)
    {
        string stem = SharedData.Path("data", "tokenizers", $"ggml-vocab-{name}.gguf");
        string[] texts = File.ReadAllText(stem + ".inp").Split("\n__ggml_vocab_test__\n");
        string[] lines = File.ReadAllLines(stem + ".out");
        lines.Length.ShouldBeGreaterThanOrEqualTo(texts.Length - 1);
        for (int i = 0; i < lines.Length; i++)
        {
            int[] expected = [.. lines[i].Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(id => int.Parse(id, CultureInfo.InvariantCulture))];
            tokenizer.Encode(texts[i]).ShouldBe(expected, $"text {i}: {texts[i]}");
        }
    }

    private static void CheckEmbeddingTexts(Tokenizer tokenizer)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(SharedData.Path("models", "minilm", "embeddings.json")));
        foreach (var row in document.RootElement.GetProperty("rows").EnumerateArray())
        {
            string text = row.GetProperty("text").GetString()!;
            int[] ids = tokenizer.Encode(text, new EncodeOptions { AddSpecial = true });
            if (ids.Length > 256)
                ids = [.. ids[..255], ids[^1]];
            ids.ShouldBe(Ids(row.GetProperty("ids")), text);
        }
    }

    private static Tokenizer FromGguf(params string[] path)
    {
        using var file = GgufFile.Open(SharedData.Path(path));
        return TokenizerFactory.FromGguf(file);
    }

    private static JsonElement Json(params string[] path) => JsonDocument.Parse(File.ReadAllBytes(SharedData.Path(path))).RootElement;

    private static int[] Ids(JsonElement array) => [.. array.EnumerateArray().Select(id => id.GetInt32())];
}
