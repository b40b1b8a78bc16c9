using System.Text.Json;
using Ponder.Cli.Tests.Support;
using Ponder.Models.Safetensors;
using Ponder.TestSupport;

namespace Ponder.Cli.Tests;

public class ModelCommandTests
{
    [Fact]
    public async Task Info_shows_shape_formats_and_machine()
    {
        string text = (await CliRunner.RunAsync("info", "puzzles", "--tensors")).ShouldSucceed();
        text.ShouldContain("1,569,024");
        text.ShouldContain("F32");
        text.ShouldContain("in use; this machine has");
        text.ShouldContain("model.embed_tokens.weight");
    }

    [Fact]
    public async Task Info_as_json_has_numbers()
    {
        using var folder = new TempFolder();
        using var json = JsonDocument.Parse((await CliRunner.RunAsync("info", TinyModel.Write(folder), "--json", "--tensors", "--metadata")).ShouldSucceed());
        var root = json.RootElement;
        root.GetProperty("architecture").GetString().ShouldBe("llama");
        root.GetProperty("layers").GetInt32().ShouldBe(2);
        root.GetProperty("context").GetInt32().ShouldBe(256);
        root.GetProperty("kv_bytes_per_token").GetInt32().ShouldBe(2 * 2 * 2 * 64 * 2);
        root.GetProperty("formats").GetProperty("Q8_0").GetProperty("tensors").GetInt32().ShouldBeGreaterThan(10);
        root.GetProperty("tensors").GetArrayLength().ShouldBeGreaterThan(10);
        root.GetProperty("metadata").GetProperty("general.architecture").GetString().ShouldBe("llama");
        root.GetProperty("tokenizer").GetProperty("tokens").GetInt32().ShouldBe(512);
    }

    [Fact]
    public async Task Info_shows_a_model_whose_tokenizer_is_missing_and_says_so()
    {
        using var folder = new TempFolder();
        foreach (string file in (string[])["config.json", "model.safetensors"])
            File.Copy(Path.Combine(ModelLocator.Policy, file), folder[file]);
        string text = (await CliRunner.RunAsync("info", folder.Path)).ShouldSucceed();
        text.ShouldContain("1,569,024");
        text.ShouldContain("cannot be used");
        using var json = JsonDocument.Parse((await CliRunner.RunAsync("info", folder.Path, "--json")).ShouldSucceed());
        json.RootElement.GetProperty("tokenizer").ValueKind.ShouldBe(JsonValueKind.Null);
        json.RootElement.GetProperty("tokenizer_problem").GetString()!.ShouldContain("tokenizer.json");
    }

    [Fact]
    public async Task Info_knows_the_shipped_reward_model() => (await CliRunner.RunAsync("info", "puzzles/reward")).ShouldSucceed().ShouldContain("TokenClasses");

    [Fact]
    public async Task New_writes_a_model_that_answers_and_replaces_none_unasked()
    {
        using var folder = new TempFolder();
        string model = folder["new.gguf"];
        (await CliRunner.RunAsync("new", "--shape", "tiny", "--format", "q4_k_m", model)).ShouldSucceed().ShouldBe(model + "\n");
        (await CliRunner.RunAsync("run", model, "-p", "a", "--max-tokens", "5", "--ignore-eos", "--json")).ShouldSucceed();
        byte[] first = File.ReadAllBytes(model);
        (await CliRunner.RunAsync("new", "--shape", "tiny", "--format", "q8_0", model)).ShouldBeRefused("new.gguf", "--force");
        File.ReadAllBytes(model).ShouldBe(first);
        (await CliRunner.RunAsync("new", "--shape", "tiny", "--format", "q4_k_m", "--force", model)).ShouldSucceed();
        File.ReadAllBytes(model).ShouldBe(first);
    }

    [Fact]
    public async Task New_lists_what_there_is_and_refuses_what_there_is_not()
    {
        string list = (await CliRunner.RunAsync("new", "--list")).ShouldSucceed();
        list.ShouldContain("tinyllama-1.1b");
        list.ShouldContain("q4_k_m");
        (await CliRunner.RunAsync("new", "--shape", "tinny", "--format", "q8_0", "x.gguf")).ShouldBeRefused("'tinny'", "did you mean tiny?");
        (await CliRunner.RunAsync("new", "--shape", "tiny", "--format", "q8", "x.gguf")).ShouldBeRefused("'q8'", "q8_0");
        (await CliRunner.RunAsync("new", "--shape", "tiny", "--format", "q8_0")).ShouldBeRefused("FILE");
    }

    [Fact]
    public async Task Logits_are_a_tensor_of_one_row_a_token()
    {
        using var folder = new TempFolder();
        (await CliRunner.RunAsync("logits", "puzzles", "--ids", "1377,5,6", "--out", folder["l.safetensors"])).ShouldSucceed().ShouldBeEmpty();
        using var file = SafetensorsFile.Open(folder["l.safetensors"]);
        file.TryGetTensor("logits", out var logits).ShouldBeTrue();
        logits!.Shape.ShouldBe([3L, 1379L]);
        logits.ToFloats().ShouldAllBe(value => float.IsFinite(value));
    }

    [Theory]
    [InlineData("--ids", "5,x")]
    [InlineData("--ids", "")]
    [InlineData("1378", "5,1379")]
    [InlineData("1378", "99999999")]
    public async Task Logits_of_what_is_no_id_are_refused(string part, string ids)
    {
        using var folder = new TempFolder();
        (await CliRunner.RunAsync("logits", "puzzles", "--ids", ids, "--out", folder["l.safetensors"])).ShouldBeRefused(part);
        Directory.GetFiles(folder.Path).ShouldBeEmpty();
    }

    [SharedTheory]
    [InlineData("llama", "model.safetensors")]
    [InlineData("gemma3", "model-f32.gguf")]
    [InlineData("bert", "model.safetensors")]
    [InlineData("reward-token", "model.safetensors")]
    public async Task Logits_are_the_reference_outputs(string family, string file)
    {
        using var folder = new TempFolder();
        using var reference = SafetensorsFile.Open(SharedData.Path("data", "conformance", family, "reference.safetensors"));
        reference.TryGetTensor("input_ids_1", out var ids).ShouldBeTrue();
        reference.TryGetTensor("output_1", out var expected).ShouldBeTrue();
        string list = string.Join(',', ids!.ToFloats().Select(id => (int)id));
        (await CliRunner.RunAsync("logits", SharedData.Path("data", "conformance", family, file), "--ids", list, "--out", folder["l.safetensors"])).ShouldSucceed();
        using var written = SafetensorsFile.Open(folder["l.safetensors"]);
        written.TryGetTensor("logits", out var logits).ShouldBeTrue();
        logits!.Shape.ShouldBe(expected!.Shape);
        float[] wanted = expected.ToFloats(), found = logits.ToFloats();
        float bound = 5e-4f * wanted.Max(Math.Abs);
        for (int i = 0; i < wanted.Length; i++)
            Math.Abs(found[i] - wanted[i]).ShouldBeLessThan(bound);
    }

    [Fact]
    public async Task Embeddings_have_length_one_and_keep_their_order()
    {
        using var folder = new TempFolder();
        string model = TinyModel.Write(folder);
        string file = folder.Write("texts.txt", "first\nsecond\n");
        string lines = (await CliRunner.RunAsync("embed", model, "--file", file)).ShouldSucceed();
        (await CliRunner.RunAsync("embed", model, "-p", "first", "-p", "second")).ShouldSucceed().ShouldBe(lines);
        using var json = JsonDocument.Parse((await CliRunner.RunAsync("embed", model, "-p", "first", "second", "--json")).ShouldSucceed());
        json.RootElement.GetArrayLength().ShouldBe(2);
        foreach (var embedding in json.RootElement.EnumerateArray())
            Math.Sqrt(embedding.EnumerateArray().Sum(value => value.GetDouble() * value.GetDouble())).ShouldBe(1, 1e-5);
        json.RootElement[0].GetRawText().ShouldBe(lines.Split('\n')[0]);
    }

    [Fact]
    public async Task A_text_too_long_to_embed_is_named_with_both_lengths()
    {
        using var folder = new TempFolder();
        (await CliRunner.RunAsync("embed", TinyModel.Write(folder), "-p", "short", new string('x', 3000))).ShouldBeRefused("Text 2", "xxxx", "256");
        (await CliRunner.RunAsync("embed", "puzzles")).ShouldBeRefused("-p", "--file");
    }

    [SharedFact]
    public async Task MiniLM_gives_the_stored_embeddings()
    {
        using var stored = JsonDocument.Parse(File.ReadAllText(SharedData.Path("models", "minilm", "embeddings.json")));
        var rows = Rows(stored.RootElement).Take(3).ToArray();
        string[] texts = [.. rows.Select(row => row.Text)];
        using var json = JsonDocument.Parse((await CliRunner.RunAsync(["embed", SharedData.Path("models", "minilm", "all-MiniLM-L6-v2-Q8_0.gguf"), "--precision", "exact", "--json", .. texts.SelectMany(t => (string[])["-p", t])])).ShouldSucceed());
        for (int i = 0; i < rows.Length; i++)
        {
            double[] found = [.. json.RootElement[i].EnumerateArray().Select(v => v.GetDouble())];
            double cosine = found.Zip(rows[i].Embedding, (a, b) => a * b).Sum() / Math.Sqrt(rows[i].Embedding.Sum(v => v * v));
            cosine.ShouldBeGreaterThan(0.9999);
        }
    }

    private static IEnumerable<(string Text, double[] Embedding)> Rows(JsonElement root) => (root.ValueKind == JsonValueKind.Array
            ? root
            : root.EnumerateObject().First(member => member.Value.ValueKind == JsonValueKind.Array && member.Value[0].ValueKind == JsonValueKind.Object).Value)
        .EnumerateArray()
        .Select(row => (row.GetProperty("text").GetString()!, row.GetProperty("embedding").EnumerateArray().Select(v => v.GetDouble()).ToArray()));
}
