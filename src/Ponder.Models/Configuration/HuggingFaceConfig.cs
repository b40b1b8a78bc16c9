using System.Text.Json;
using Ponder.Models.Files;
using Ponder.Numerics.Kernels;

namespace Ponder.Models.Configuration;

/// <summary>Reads a <see cref="ModelConfig"/> from a Hugging Face <c>config.json</c>, in the spelling of transformers 4 and of transformers 5.</summary>
public static class HuggingFaceConfig
{
    private static readonly Dictionary<string, ActivationKind> Activations = new()
    {
        ["silu"] = ActivationKind.Silu,
        ["swish"] = ActivationKind.Silu,
        ["gelu"] = ActivationKind.Gelu,
        ["gelu_new"] = ActivationKind.GeluTanh,
        ["gelu_pytorch_tanh"] = ActivationKind.GeluTanh,
        ["relu"] = ActivationKind.Relu,
    };

    /// <summary>Reads and checks the configuration.</summary>
    /// <param name="path">The <c>config.json</c>.</param>
    /// <exception cref="ModelFileException">A field is missing, out of range, or names something that is not known.</exception>
    public static ModelConfig Read(string path)
    {
        var json = JsonObject.Read(path);
        string type = json.TryString("model_type") ?? throw json.Error("field 'model_type' is missing");
        var architecture = Architectures.FromModelType(type)
            ?? throw json.Error($"model_type '{type}' is not known; Ponder knows {string.Join(", ", Architectures.All.SelectMany(a => a.ModelTypes))}");

        int layers = json.Int("num_hidden_layers", "n_layer");
        int width = json.Int("hidden_size", "n_embd");
        int heads = json.Int("num_attention_heads", "n_head");
        if (layers < 1 || heads < 1)
            throw json.Error($"{layers} layers of {heads} attention heads are not a model");
        if (layers > ModelConfigChecks.MaxLayers)
            throw json.Error($"the number of layers is {layers}, but must be from 1 to {ModelConfigChecks.MaxLayers}");
        if (!json.Has("head_dim") && width % heads != 0)
            throw json.Error($"hidden size {width} does not divide into {heads} attention heads, and there is no head_dim");
        int headSize = json.TryInt("head_dim") ?? width / heads;
        float partial = json.TryFloat("partial_rotary_factor") ?? json.TryObject("rope_parameters")?.TryFloat("partial_rotary_factor") ?? 1;
        int context = json.Int("max_position_embeddings", "n_positions");
        var (rope, localRope) = architecture.LearnedPositions ? (null, null) : RopeReader.Read(json, architecture, context);
        var config = new ModelConfig
        {
            Architecture = architecture,
            Width = width,
            Heads = heads,
            KvHeads = json.TryInt("num_key_value_heads") ?? heads,
            HeadSize = headSize,
            FeedForwardWidth = json.TryInt("intermediate_size") ?? json.TryInt("n_inner") ?? checked(4 * Math.Min(width, 1 << 24)),
            Vocabulary = json.Int("vocab_size"),
            Context = context,
            NormEpsilon = json.TryFloat("rms_norm_eps") ?? json.TryFloat("norm_epsilon") ?? json.TryFloat("layer_norm_epsilon") ?? json.Float("layer_norm_eps"),
            Activation = Activation(json, architecture),
            AttentionScale = 1 / MathF.Sqrt(json.TryFloat("query_pre_attn_scalar") ?? headSize),
            AttentionSoftcap = json.TryFloat("attn_logit_softcapping") ?? 0,
            FinalSoftcap = json.TryFloat("final_logit_softcapping") ?? 0,
            EmbeddingScale = architecture.ScalesEmbedding ? MathF.Sqrt(width) : 1,
            Rope = rope,
            LocalRope = localRope,
            RopeStyle = RopeStyle.HalfSplit,
            RotaryDimensions = architecture.LearnedPositions ? 0 : (int)(headSize * partial),
            Layers = Layers(json, architecture, layers),
            Head = Head(json, architecture),
            Labels = Labels(json),
        };
        return ModelConfigChecks.Checked(path, config);
    }

    private static ActivationKind Activation(JsonObject json, Architecture architecture)
    {
        string? name = json.TryString("hidden_activation") ?? json.TryString("hidden_act") ?? json.TryString("activation_function");
        if (name is null)
            return architecture.Activation;
        return Activations.TryGetValue(name, out var kind) ? kind : throw json.Error($"activation '{name}' is not known; Ponder knows {string.Join(", ", Activations.Keys)}");
    }

    private static LayerConfig[] Layers(JsonObject json, Architecture architecture, int layers)
    {
        int window = json.TryBool("use_sliding_window") == false ? 0 : json.TryInt("sliding_window") ?? 0;
        var windowed = json.TryList("layer_types", "a list of 'full_attention' and 'sliding_attention'", LayerType);
        if (windowed is null && window > 0 && json.TryInt("max_window_layers") is int firstWindowed)
            windowed = [.. Enumerable.Range(0, layers).Select(i => i >= firstWindowed)];
        var usesRope = json.TryList<bool>("no_rope_layers", "a list of 0 and 1", item => item.ValueKind == JsonValueKind.Number && item.TryGetInt32(out int flag) ? flag != 0 : null);
        if (windowed is not null && windowed.Count < layers)
            throw json.Error($"field 'layer_types' has {windowed.Count} entries for {layers} layers");
        if (usesRope is not null && usesRope.Count < layers)
            throw json.Error($"field 'no_rope_layers' has {usesRope.Count} entries for {layers} layers");
        return LayerPlan.Build(architecture, layers, window, windowed, usesRope);
    }

    private static bool? LayerType(JsonElement item) => JsonObject.Text(item) switch
    {
        "full_attention" => false,
        "sliding_attention" => true,
        _ => null,
    };

    private static HeadKind Head(JsonObject json, Architecture architecture)
    {
        string name = "";
        if (json.Element.TryGetProperty("architectures", out var list) && list.ValueKind == JsonValueKind.Array && list.GetArrayLength() > 0)
            name = JsonObject.Text(list[0]) ?? "";
        if (name.EndsWith("ForSequenceClassification", StringComparison.Ordinal))
            return HeadKind.SequenceScore;
        if (name.EndsWith("ForTokenClassification", StringComparison.Ordinal))
            return HeadKind.TokenClasses;
        return architecture.Causal ? HeadKind.LanguageModel : HeadKind.HiddenState;
    }

    // transformers' default is two labels; configs write their names, or their number.
    private static int Labels(JsonObject json) => json.TryObject("id2label") is { } names ? names.Element.EnumerateObject().Count() : json.TryInt("num_labels") ?? 2;
}
