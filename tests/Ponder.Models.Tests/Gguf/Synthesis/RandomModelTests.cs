using Ponder.Models.Files;
using Ponder.Models.Gguf;
using Ponder.Models.Gguf.Synthesis;
using Ponder.Models.Tests.Files;

namespace Ponder.Models.Tests.Gguf.Synthesis;

public sealed class RandomModelTests
{
    public static TheoryData<string> Mixes => [.. QuantizationMix.All.Select(m => m.Name)];

    public static TheoryData<string> Shapes => [.. ModelShape.All.Select(s => s.Name)];

    [Theory]
    [MemberData(nameof(Mixes))]
    public void Tiny_is_a_whole_model_in_every_mix(string name)
    {
        var shape = ModelShape.Find("TINY")!;
        var mix = QuantizationMix.Find(name)!;
        using var folder = new TemporaryFolder();
        double last = 0;
        RandomModel.Write(folder["m.gguf"], shape, mix, seed: 7, new Inline(p => last = p));
        last.ShouldBe(1);
        using var file = GgufFile.Open(folder["m.gguf"]);
        file.Tensors.Count.ShouldBe(2 * 9 + 3);
        file.Metadata.GetInt32("general.file_type").ShouldBe(mix.FileType);
        file.TryGetTensor("blk.1.ffn_down.weight", out var down).ShouldBeTrue();
        down!.Shape.ShouldBe([256L, 512]);
        file.TryGetTensor("output.weight", out var output).ShouldBeTrue();
        output!.Format.Name.ShouldBe(mix.Output);
        file.TryGetTensor("blk.0.attn_norm.weight", out var norm).ShouldBeTrue();
        norm!.ToFloats().ShouldAllBe(v => v == 1);
        foreach (var tensor in file.Tensors.Where(t => t.Shape.Count == 2))
        {
            float[] values = tensor.ToFloats();
            double deviation = Math.Sqrt(values.Average(v => (double)v * v));
            deviation.ShouldBe(0.02, 0.002, tensor.Name);
        }
    }

    [Fact]
    public void The_same_seed_gives_the_same_bytes()
    {
        using var folder = new TemporaryFolder();
        foreach (var (name, seed) in new[] { ("a", 1), ("b", 1), ("c", 2) })
            RandomModel.Write(folder[name], ModelShape.Find("tiny")!, QuantizationMix.Find("q8_0")!, seed);
        byte[] first = File.ReadAllBytes(folder["a"]);
        first.AsSpan().SequenceEqual(File.ReadAllBytes(folder["b"])).ShouldBeTrue();
        first.AsSpan().SequenceEqual(File.ReadAllBytes(folder["c"])).ShouldBeFalse();
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Every_shape_has_a_consistent_vocabulary_and_formats_that_fit(string name)
    {
        var shape = ModelShape.Find(name)!;
        var metadata = new GgufMetadata("memory");
        RandomTokenizer.Describe(metadata, shape.PreTokenizer, shape.Vocabulary);
        string[] tokens = metadata.GetStringArray("tokenizer.ggml.tokens"), merges = metadata.GetStringArray("tokenizer.ggml.merges");
        tokens.Length.ShouldBe(shape.Vocabulary);
        metadata.GetInt32Array("tokenizer.ggml.token_type").Length.ShouldBe(shape.Vocabulary);
        var ids = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int i = 0; i < tokens.Length; i++)
            ids.TryAdd(tokens[i], i).ShouldBeTrue(tokens[i]);
        merges.Length.ShouldBe(shape.Vocabulary - 259);
        for (int i = 0; i < merges.Length; i++)
        {
            string[] sides = merges[i].Split(' ');
            int result = ids[sides[0] + sides[1]];
            if (result != 259 + i || ids[sides[0]] >= result || ids[sides[1]] >= result)
                throw new InvalidOperationException(merges[i]);
        }
        foreach (var mix in QuantizationMix.All)
            TensorSequence.Check([.. RandomModel.Tensors(shape, mix)]);
    }

    [Fact]
    public void The_medium_mix_gives_half_of_the_layers_more_bits()
    {
        var formats = RandomModel.Tensors(ModelShape.Find("tinyllama-1.1b")!, QuantizationMix.Find("q4_k_m")!).ToDictionary(t => t.Name, t => t.Format.Name);
        formats["output.weight"].ShouldBe("Q6_K");
        formats["token_embd.weight"].ShouldBe("Q4_K");
        formats["blk.0.attn_v.weight"].ShouldBe("Q6_K");
        formats["blk.2.attn_v.weight"].ShouldBe("Q4_K");
        formats["blk.0.attn_q.weight"].ShouldBe("Q4_K");
        Enumerable.Range(0, 22).Count(i => formats[$"blk.{i}.ffn_down.weight"] == "Q6_K").ShouldBe(10);
        RandomModel.Tensors(ModelShape.Find("smollm2-135m")!, QuantizationMix.Find("q4_k_m")!).First().Format.Name.ShouldBe("Q8_0");
    }

    [Fact]
    public void Bytes_have_the_usual_characters()
    {
        RandomTokenizer.ByteCharacter((byte)' ').ShouldBe('Ġ');
        RandomTokenizer.ByteCharacter((byte)'\n').ShouldBe('Ċ');
        RandomTokenizer.ByteCharacter(0xAD).ShouldBe('Ń');
        RandomTokenizer.ByteCharacter((byte)'A').ShouldBe('A');
        Enumerable.Range(0, 256).Select(i => RandomTokenizer.ByteCharacter((byte)i)).Distinct().Count().ShouldBe(256);
    }

    [Fact]
    public void Stopping_leaves_no_file()
    {
        using var folder = new TemporaryFolder();
        Should.Throw<OperationCanceledException>(() => RandomModel.Write(
            folder["m.gguf"], ModelShape.Find("tiny")!, QuantizationMix.Find("f16")!, stop: new CancellationToken(canceled: true)));
        Directory.GetFiles(folder.Root).ShouldBeEmpty();
    }

    private sealed class Inline(Action<double> report) : IProgress<double>
    {
        public void Report(double value) => report(value);
    }
}
