using System.Globalization;
using System.Text.Json;
using Ponder.Models.Tokenizers;
using Ponder.TestSupport;

namespace Ponder.Models.Tests.Tokenizers;

/// <summary>Ids that other implementations recorded.</summary>
public class RecordedIdsTests
{
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

    private static int[] Ids(JsonElement array) => [.. array.EnumerateArray().Select(id => id.GetInt32())];
}
