using Ponder.Models.Configuration;
using Ponder.Models.Files;
using Ponder.Models.Gguf;
using Ponder.Models.Tests.Files;
using Ponder.Models.Tests.Gguf;
using Ponder.Numerics.Formats;

namespace Ponder.Models.Tests.Configuration;

public sealed class GgufConfigTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Sizes_are_read_and_defaults_stand_where_the_file_is_silent()
    {
        var config = Read(_ => { });
        (config.Width, config.Heads, config.KvHeads, config.HeadSize, config.Layers.Count).ShouldBe((64, 4, 4, 16, 3));
        config.Vocabulary.ShouldBe(320);
        config.Rope.ShouldBe(new RopeConfig(10000));
        config.AttentionScale.ShouldBe(0.25f);
    }

    [Fact]
    public void The_embedding_tells_the_vocabulary_before_the_key()
    {
        Read(_ => { }, [new TensorDeclaration("token_embd.weight", NumberFormats.F32, [100, 64])]).Vocabulary.ShouldBe(100);
        Read(metadata => metadata.Set("tokenizer.ggml.tokens", new[] { "a", "b" })).Vocabulary.ShouldBe(320);
    }

    public static TheoryData<string, object?, string> Bad => new()
    {
        { "general.architecture", null, "'general.architecture' is missing" },
        { "general.architecture", "mamba", "'mamba' is not known; Ponder knows llama, mistral" },
        { "general.architecture", 3, "general.architecture" },
        { "llama.block_count", null, "'llama.block_count' is missing" },
        { "llama.block_count", 0, "number of layers is 0" },
        { "llama.block_count", int.MaxValue, "number of layers is" },
        { "llama.block_count", uint.MaxValue, "llama.block_count" },
        { "llama.block_count", "3", "llama.block_count" },
        { "llama.embedding_length", 66, "llama.embedding_length 66 does not divide into 4" },
        { "llama.embedding_length", -64, "hidden size is -64" },
        { "llama.attention.head_count", 0, "attention heads is 0" },
        { "llama.attention.head_count", -1, "attention heads is -1" },
        { "llama.attention.head_count_kv", 3, "cannot be shared among 3" },
        { "llama.attention.head_count_kv", 0, "key-value heads is 0" },
        { "llama.attention.key_length", 0, "head size is 0" },
        { "llama.attention.value_length", 8, "value_length 8 differs from key_length 16" },
        { "llama.feed_forward_length", int.MaxValue, "feed-forward size is" },
        { "llama.context_length", 0, "context length is 0" },
        { "llama.vocab_size", 0, "vocabulary size is 0" },
        { "llama.attention.layer_norm_rms_epsilon", null, "'llama.attention.layer_norm_rms_epsilon' is missing" },
        { "llama.attention.layer_norm_rms_epsilon", float.NaN, "epsilon is NaN" },
        { "llama.rope.dimension_count", 15, "15 rotated dimensions" },
        { "llama.rope.dimension_count", 32, "32 rotated dimensions" },
        { "llama.rope.dimension_count", -2, "-2 rotated dimensions" },
        { "llama.rope.freq_base", 0f, "RoPE base is 0" },
        { "llama.rope.freq_base", float.PositiveInfinity, "RoPE base" },
        { "llama.rope.scaling.type", "dynamic", "llama.rope.scaling.type 'dynamic' is not known; Ponder knows none, linear, yarn" },
        { "llama.pooling_type", 9, "llama.pooling_type 9 is not known" },
    };

    [Theory]
    [MemberData(nameof(Bad))]
    public void A_key_that_does_not_fit_is_refused_with_file_and_key(string key, object? value, string message)
    {
        var error = Should.Throw<ModelFileException>(() => Read(metadata => { }, [], key, value));
        error.Path.ShouldBe(_folder["model.gguf"]);
        error.Message.ShouldContain(message);
    }

    [Theory]
    [InlineData("linear", 0f)]
    [InlineData("linear", float.NaN)]
    [InlineData("yarn", -1f)]
    [InlineData("yarn", float.PositiveInfinity)]
    public void A_scaling_factor_out_of_range_is_refused(string type, float factor) =>
        Should.Throw<ModelFileException>(() => Read(metadata =>
        {
            metadata.Set("llama.rope.scaling.type", type);
            metadata.Set("llama.rope.scaling.factor", factor);
        })).Message.ShouldContain("RoPE scaling");

    [Fact]
    public void Rope_factors_must_be_one_a_pair() =>
        Should.Throw<ModelFileException>(() => Read(_ => { }, [new TensorDeclaration("rope_freqs.weight", NumberFormats.F32, [7])]))
            .Message.ShouldContain("'rope_freqs.weight' holds 7 factors, but a head has 8");

    public void Dispose() => _folder.Dispose();

    private ModelConfig Read(Action<GgufMetadata> edit, TensorDeclaration[]? tensors = null, string? key = null, object? value = null)
    {
        var values = new Dictionary<string, object>
        {
            ["general.architecture"] = "llama",
            ["llama.block_count"] = 3,
            ["llama.embedding_length"] = 64,
            ["llama.feed_forward_length"] = 160,
            ["llama.attention.head_count"] = 4,
            ["llama.context_length"] = 512,
            ["llama.attention.layer_norm_rms_epsilon"] = 1e-5f,
            ["llama.vocab_size"] = 320,
        };
        if (key is not null)
            values.Remove(key);
        if (key is not null && value is not null)
            values[key] = value;
        var metadata = new GgufMetadata("memory");
        foreach (var (name, entry) in values)
        {
            switch (entry)
            {
                case string text: metadata.Set(name, text); break;
                case float number: metadata.Set(name, number); break;
                case uint number: metadata.Set(name, number); break;
                default: metadata.Set(name, (int)entry); break;
            }
        }
        edit(metadata);
        _folder.Write("model.gguf", GgufSamples.File(metadata, tensors ?? []));
        using var file = GgufFile.Open(_folder["model.gguf"]);
        return GgufConfig.Read(file);
    }
}
