using System.Text.Json.Nodes;
using Ponder.Models.Configuration;
using Ponder.Models.Files;
using Ponder.Models.Tests.Files;
using Ponder.Numerics.Kernels;
using Ponder.TestSupport;

namespace Ponder.Models.Tests.Configuration;

public sealed class HuggingFaceConfigTests : IDisposable
{
    private const string Base =
        """
        { "architectures": ["LlamaForCausalLM"], "model_type": "llama", "vocab_size": 320, "hidden_size": 64, "intermediate_size": 160,
          "num_hidden_layers": 3, "num_attention_heads": 4, "num_key_value_heads": 2, "max_position_embeddings": 512, "hidden_act": "silu",
          "rms_norm_eps": 1e-05, "rope_theta": 50000.0 }
        """;

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> ConformanceFolders =>
        SharedData.Root is null ? ["absent"] : [.. Directory.GetDirectories(SharedData.Path("data", "conformance")).Select(f => Path.GetFileName(f)!).Order()];

    [SharedTheory]
    [MemberData(nameof(ConformanceFolders))]
    public void Both_spellings_give_the_same_config(string folder)
    {
        var four = HuggingFaceConfig.Read(SharedData.Path("data", "conformance", folder, "config.json"));
        var five = HuggingFaceConfig.Read(SharedData.Path("data", "conformance", folder, "config.v5.json"));
        Plain(five).ShouldBe(Plain(four));
        five.Layers.ShouldBe(four.Layers);
        ShouldBeSame(five.Rope, four.Rope);
        ShouldBeSame(five.LocalRope, four.LocalRope);

        static ModelConfig Plain(ModelConfig config) => config with { Layers = [], Rope = null, LocalRope = null };
    }

    [Fact]
    public void Defaults_stand_where_a_config_is_silent()
    {
        var config = Read("");
        config.HeadSize.ShouldBe(16);
        config.KvHeads.ShouldBe(2);
        config.RotaryDimensions.ShouldBe(16);
        config.AttentionScale.ShouldBe(0.25f);
        config.Rope.ShouldBe(new RopeConfig(50000));
        config.Head.ShouldBe(HeadKind.LanguageModel);
        config.Activation.ShouldBe(ActivationKind.Silu);
        config.Layers.ShouldBe(Enumerable.Repeat(new LayerConfig(UsesRope: true, Window: 0, LocalRope: false), 3));
        Read("\"num_key_value_heads\": null").KvHeads.ShouldBe(4);
        Read("\"rope_theta\": null").Rope.ShouldBe(new RopeConfig(10000));
    }

    [Fact]
    public void Rope_settings_are_read_in_both_spellings()
    {
        const string llama3 = """ "rope_type": "llama3", "factor": 8, "low_freq_factor": 1, "high_freq_factor": 4, "original_max_position_embeddings": 128 """;
        var expected = new RopeConfig(50000, new Llama3Scaling(8, 1, 4, 128));
        Read($$""" "rope_scaling": { {{llama3}} } """).Rope.ShouldBe(expected);
        Read($$""" "rope_theta": null, "rope_parameters": { "rope_theta": 50000, {{llama3}} } """).Rope.ShouldBe(expected);
        Read(""" "rope_scaling": { "type": "linear", "factor": 2.5 } """).Rope.ShouldBe(new RopeConfig(50000, new LinearScaling(2.5f)));
        Read(""" "rope_scaling": { "rope_type": "yarn", "factor": 4 } """).Rope
            .ShouldBe(new RopeConfig(50000, new YarnScaling(4, 512, 32, 1, 0.1f * MathF.Log(4) + 1, Truncate: true)));
        Read(""" "rope_scaling": { "rope_type": "default" } """).Rope.ShouldBe(new RopeConfig(50000));
    }

    [Fact]
    public void Windows_follow_the_list_of_layers_or_the_family()
    {
        int[] Windows(string fields) => [.. Read(fields).Layers.Select(layer => layer.Window)];
        Windows(""" "model_type": "mistral", "sliding_window": 7 """).ShouldBe([7, 7, 7]);
        Windows(""" "model_type": "mistral", "sliding_window": 7, "use_sliding_window": false """).ShouldBe([0, 0, 0]);
        Windows(""" "model_type": "qwen2", "sliding_window": 7, "max_window_layers": 1 """).ShouldBe([0, 7, 7]);
        Windows(""" "model_type": "gemma2", "sliding_window": 7 """).ShouldBe([7, 0, 7]);
        Windows(""" "model_type": "qwen3", "sliding_window": 7, "layer_types": ["full_attention", "sliding_attention", "full_attention"] """).ShouldBe([0, 7, 0]);
    }

    /// <summary>Fields that replace or join those of a sound config (null removes one), and what the error must say.</summary>
    [Theory]
    [InlineData("\"model_type\": null", "'model_type' is missing")]
    [InlineData("\"model_type\": \"mamba\"", "'mamba' is not known; Ponder knows llama, mistral, qwen2, qwen3, gemma2, gemma3_text, phi3")]
    [InlineData("\"model_type\": 7", "'model_type' is not a string")]
    [InlineData("\"model_type\": \"\\ud800\"", "'model_type' holds a string that is not valid Unicode")]
    [InlineData("\"architectures\": [\"\\ud800ForTokenClassification\"], \"vocab_size\": 0", "vocabulary size is 0")]
    [InlineData("\"vocab_size\": null", "'vocab_size' is missing")]
    [InlineData("\"vocab_size\": 2147483647", "vocabulary size is 2147483647")]
    [InlineData("\"vocab_size\": 1e99", "'vocab_size' is not a 32-bit integer")]
    [InlineData("\"vocab_size\": 10.5", "'vocab_size' is not a 32-bit integer")]
    [InlineData("\"vocab_size\": \"320\"", "'vocab_size' is not a 32-bit integer")]
    [InlineData("\"hidden_size\": null", "'hidden_size' is missing")]
    [InlineData("\"hidden_size\": 0", "hidden size is 0")]
    [InlineData("\"hidden_size\": -64", "hidden size is -64")]
    [InlineData("\"hidden_size\": 2147483644", "hidden size is 2147483644")]
    [InlineData("\"hidden_size\": 66", "hidden size 66 does not divide into 4 attention heads")]
    [InlineData("\"head_dim\": 0", "head size is 0")]
    [InlineData("\"head_dim\": 15", "15 rotated dimensions")]
    [InlineData("\"head_dim\": 2147483646", "head size is 2147483646")]
    [InlineData("\"num_hidden_layers\": 0", "0 layers")]
    [InlineData("\"num_hidden_layers\": 2147483647", "number of layers is")]
    [InlineData("\"num_hidden_layers\": 5000, \"sliding_window\": 3, \"max_window_layers\": 2", "number of layers is")]
    [InlineData("\"num_attention_heads\": 0", "0 attention heads")]
    [InlineData("\"num_attention_heads\": -4", "-4 attention heads")]
    [InlineData("\"num_attention_heads\": 2147483647, \"head_dim\": 16", "number of attention heads is 2147483647")]
    [InlineData("\"num_key_value_heads\": 3", "4 attention heads cannot be shared among 3")]
    [InlineData("\"num_key_value_heads\": 8", "key-value heads is 8")]
    [InlineData("\"num_key_value_heads\": 0", "key-value heads is 0")]
    [InlineData("\"intermediate_size\": -1", "feed-forward size is -1")]
    [InlineData("\"max_position_embeddings\": null", "'max_position_embeddings' is missing")]
    [InlineData("\"max_position_embeddings\": 0", "context length is 0")]
    [InlineData("\"rms_norm_eps\": null", "'layer_norm_eps' is missing")]
    [InlineData("\"rms_norm_eps\": 0", "epsilon is 0")]
    [InlineData("\"rms_norm_eps\": 1e99", "'rms_norm_eps' is not a number")]
    [InlineData("\"hidden_act\": \"tanhshrink\"", "activation 'tanhshrink' is not known; Ponder knows silu")]
    [InlineData("\"rope_theta\": 0", "RoPE base is 0")]
    [InlineData("\"rope_scaling\": 3", "'rope_scaling' is not an object")]
    [InlineData("\"rope_scaling\": {\"rope_type\": \"dynamic\"}", "rope_type 'dynamic' is not known; Ponder knows default, linear, llama3, yarn, longrope")]
    [InlineData("\"rope_scaling\": {\"rope_type\": \"linear\"}", "'rope_scaling.factor' is missing")]
    [InlineData("\"rope_scaling\": {\"rope_type\": \"linear\", \"factor\": 0}", "RoPE scaling has a factor out of range")]
    [InlineData("\"rope_scaling\": {\"rope_type\": \"yarn\", \"factor\": -1}", "RoPE scaling has a factor out of range")]
    [InlineData("\"rope_scaling\": {\"rope_type\": \"longrope\", \"short_factor\": [1], \"long_factor\": [1]}", "a list whose length is not 8")]
    [InlineData("\"rope_scaling\": {\"rope_type\": \"longrope\", \"short_factor\": [1]}", "'rope_scaling.long_factor' is missing")]
    [InlineData("\"rope_scaling\": {\"rope_type\": \"longrope\", \"short_factor\": [\"1\"]}", "'rope_scaling.short_factor' holds an item that is not a number")]
    [InlineData("\"rope_parameters\": {\"rope_type\": \"default\"}", "'rope_parameters.rope_theta' is missing")]
    [InlineData("\"partial_rotary_factor\": 1e30", "rotated dimensions")]
    [InlineData("\"layer_types\": [\"full_attention\"]", "'layer_types' has 1 entries for 3 layers")]
    [InlineData("\"layer_types\": [\"full_attention\", \"linear_attention\", \"full_attention\"]", "'layer_types' holds an item that is not 'full_attention' or")]
    [InlineData("\"layer_types\": \"full_attention\"", "'layer_types' is not an array")]
    [InlineData("\"no_rope_layers\": [1, 1]", "'no_rope_layers' has 2 entries for 3 layers")]
    [InlineData("\"no_rope_layers\": [1, \"x\", 0]", "'no_rope_layers' holds an item that is not a 32-bit integer")]
    [InlineData("\"architectures\": [\"LlamaForTokenClassification\"], \"num_labels\": 0", "number of labels is 0")]
    public void A_config_that_does_not_fit_is_refused_with_file_and_field(string fields, string message)
    {
        var error = Should.Throw<ModelFileException>(() => Read(fields));
        error.Path.ShouldBe(_folder["config.json"]);
        error.Message.ShouldContain(message);
    }

    [Theory]
    [InlineData("", "not valid JSON")]
    [InlineData("{", "not valid JSON (line 1")]
    [InlineData("[]", "the root is not a JSON object")]
    [InlineData("null", "the root is not a JSON object")]
    public void A_file_that_is_no_config_is_refused(string text, string message)
    {
        File.WriteAllText(_folder["config.json"], text);
        Should.Throw<ModelFileException>(() => HuggingFaceConfig.Read(_folder["config.json"])).Message.ShouldContain(message);
    }

    [Fact]
    public void A_file_that_cannot_be_read_is_said_to_be_so()
    {
        Should.Throw<ModelFileException>(() => HuggingFaceConfig.Read(_folder["absent.json"])).Message.ShouldContain("cannot be read");
        Should.Throw<ModelFileException>(() => HuggingFaceConfig.Read(_folder.Root)).Message.ShouldContain("cannot be read");
        File.WriteAllText(_folder["deep.json"], new string('[', 1000));
        Should.Throw<ModelFileException>(() => HuggingFaceConfig.Read(_folder["deep.json"])).Message.ShouldContain("not valid JSON");
    }

    public void Dispose() => _folder.Dispose();

    private ModelConfig Read(string fields)
    {
        // Later fields win; text and not nodes, for some of the values are beyond what nodes hold.
        var names = JsonNode.Parse($"{{{fields}}}")!.AsObject().Select(field => field.Key).ToHashSet();
        var sound = JsonNode.Parse(Base)!.AsObject();
        foreach (string name in names)
            sound.Remove(name);
        File.WriteAllText(_folder["config.json"], $"{{{fields}{(names.Count > 0 ? "," : "")}{sound.ToJsonString()[1..]}");
        return HuggingFaceConfig.Read(_folder["config.json"]);
    }

    private static void ShouldBeSame(RopeConfig? actual, RopeConfig? expected)
    {
        if (actual?.Scaling is LongRopeScaling one && expected?.Scaling is LongRopeScaling other)
        {
            one.ShortFactors.ShouldBe(other.ShortFactors);
            one.LongFactors.ShouldBe(other.LongFactors);
            (one with { ShortFactors = [], LongFactors = [] }).ShouldBe(other with { ShortFactors = [], LongFactors = [] });
            actual.Base.ShouldBe(expected.Base);
        }
        else
        {
            actual.ShouldBe(expected);
        }
    }
}
