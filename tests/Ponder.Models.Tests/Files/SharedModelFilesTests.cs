using Ponder.Models.Gguf;
using Ponder.Models.Safetensors;
using Ponder.Numerics.Formats;
using Ponder.TestSupport;

namespace Ponder.Models.Tests.Files;

public sealed class SharedModelFilesTests
{
    private static IEnumerable<string> Shared(string pattern) =>
        Directory.EnumerateFiles(SharedData.Root!, pattern, SearchOption.AllDirectories).Order(StringComparer.Ordinal);

    [SharedFact]
    public void Every_gguf_opens()
    {
        foreach (string path in Shared("*.gguf"))
        {
            using var file = GgufFile.Open(path);
            string architecture = file.Metadata.GetString("general.architecture");
            file.Metadata.GetInt32($"{architecture}.block_count").ShouldBeGreaterThan(0, path);
            file.Metadata.GetStringArray("tokenizer.ggml.tokens").Length.ShouldBeGreaterThan(300, path);
            file.FileBytes.ShouldBe(new FileInfo(path).Length);
            file.Tensors.Count.ShouldBe(path.Contains("vocab", StringComparison.Ordinal) ? 0 : file.Tensors.Count(t => t.ByteLength > 0), path);
        }
    }

    [SharedFact]
    public void Every_safetensors_opens()
    {
        foreach (string path in Shared("*.safetensors"))
        {
            using var file = SafetensorsFile.Open(path);
            file.Tensors.ShouldNotBeEmpty(path);
            file.Tensors.Sum(t => t.ByteLength).ShouldBeLessThan(file.FileBytes, path);
        }
    }

    [SharedFact]
    public void The_chat_model_has_its_known_header()
    {
        using var file = GgufFile.Open(SharedData.Path("models", "smollm2", "SmolLM2-135M-Instruct.Q4_1.gguf"));
        file.Version.ShouldBe(3);
        file.Alignment.ShouldBe(32);
        file.Metadata.Count.ShouldBe(33);
        file.Tensors.Count.ShouldBe(272);
        file.Metadata.Keys.First().ShouldBe("general.architecture");
        file.Metadata.GetInt32("llama.block_count").ShouldBe(30);
        file.Metadata.GetUInt64("llama.context_length").ShouldBe(8192UL);
        file.Metadata.GetSingle("llama.rope.freq_base").ShouldBe(100_000f);
        file.Metadata.GetBool("tokenizer.ggml.add_bos_token").ShouldBeFalse();
        string[] tokens = file.Metadata.GetStringArray("tokenizer.ggml.tokens");
        tokens.Length.ShouldBe(49_152);
        tokens[1].ShouldBe("<|im_start|>");
        file.Metadata.GetStringArray("tokenizer.ggml.tokens").ShouldBeSameAs(tokens);
        file.Metadata.GetStringArray("tokenizer.ggml.merges")[0].ShouldBe("Ġ t");
        file.Metadata.GetInt32Array("tokenizer.ggml.token_type")[0].ShouldBe(3);
        file.TryGetTensor("blk.0.ffn_down.weight", out var down).ShouldBeTrue();
        down!.Shape.ShouldBe([576L, 1536]);
        down.Format.ShouldBe(NumberFormats.FromName("Q4_1"));
        file.TryGetTensor("token_embd.weight", out var embedding).ShouldBeTrue();
        embedding!.Format.ShouldBe(NumberFormats.Q8_0);
    }

    [SharedFact]
    public void Both_containers_of_a_model_hold_the_same_output_norm()
    {
        using var gguf = GgufFile.Open(SharedData.Path("data", "conformance", "llama", "model-f32.gguf"));
        using var safetensors = SafetensorsFile.Open(SharedData.Path("data", "conformance", "llama", "model.safetensors"));
        safetensors.Metadata["format"].ShouldBe("pt");
        gguf.TryGetTensor("output_norm.weight", out var a).ShouldBeTrue();
        safetensors.TryGetTensor("model.norm.weight", out var b).ShouldBeTrue();
        a!.ToFloats().ShouldBe(b!.ToFloats());
        gguf.TryGetTensor("output.weight", out a).ShouldBeTrue();
        safetensors.TryGetTensor("lm_head.weight", out b).ShouldBeTrue();
        a!.Shape.ShouldBe([320L, 64]);
        a.ToFloats().ShouldBe(b!.ToFloats());
    }
}
