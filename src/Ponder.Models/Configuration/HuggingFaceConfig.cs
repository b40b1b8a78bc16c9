using Ponder.Models.Files;
using Ponder.Models.Files.Json;
using Ponder.Numerics.Kernels;

namespace Ponder.Models.Configuration;

/// <summary>
/// Reads a <see cref="ModelConfig"/> from a Hugging Face <c>config.json</c>, in the spelling of transformers 4 and of transformers 5.
/// </summary>
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
        using var file = JsonFile.Open(path, allowsTwins: true);
        var json = file.Root;
        string type = json["model_type"].String();
        var architecture = Architectures.FromModelType(type)
            ?? throw json.FileError(
                $"model_type '{type}' is not known; Ponder knows {string.Join(", ", Architectures.All.SelectMany(a => a.ModelTypes))}");

        int layers = json["num_hidden_layers", "n_layer"].Int();
        int width = json["hidden_size", "n_embd"].Int();
        int heads = json["num_attention_heads", "n_head"].Int();
        if (layers < 1 || heads < 1)
            throw json.FileError($"{layers} layers of {heads} attention heads are not a model");
        if (layers > ModelConfigChecks.MaxLayers)
            throw json.FileError($"the number of layers is {layers}, but must be from 1 to {ModelConfigChecks.MaxLayers}");
        if (json["head_dim"].IsNull && width % heads != 0)
            throw json.FileError($"hidden size {width} does not divide into {heads} attention heads, and there is no head_dim");
        int headSize = json["head_dim"].IntOrNull() ?? width / heads;
        float partial = json["partial_rotary_factor"].FloatOrNull()
            ?? json["rope_parameters"].ObjectOrNull()?["partial_rotary_factor"].FloatOrNull() ?? 1;
        int context = json["max_position_embeddings", "n_positions"].Int();
        var (rope, localRope) = architecture.LearnedPositions ? (null, null) : RopeReader.Read(json, architecture, context);
        var config = new ModelConfig
        {
            Architecture = architecture,
            Width = width,
            Heads = heads,
            KvHeads = json["num_key_value_heads"].IntOrNull() ?? heads,
            HeadSize = headSize,
            FeedForwardWidth = json["intermediate_size"].IntOrNull() ?? json["n_inner"].IntOrNull() ?? checked(4 * Math.Min(width, 1 << 24)),
            Vocabulary = json["vocab_size"].Int(),
            Context = context,
            NormEpsilon = json["rms_norm_eps"].FloatOrNull() ?? json["norm_epsilon"].FloatOrNull()
                ?? json["layer_norm_epsilon"].FloatOrNull() ?? json["layer_norm_eps"].Float(),
            Activation = Activation(json, architecture),
            AttentionScale = 1 / MathF.Sqrt(json["query_pre_attn_scalar"].FloatOrNull() ?? headSize),
            AttentionSoftcap = json["attn_logit_softcapping"].FloatOrNull() ?? 0,
            FinalSoftcap = json["final_logit_softcapping"].FloatOrNull() ?? 0,
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

    private static ActivationKind Activation(JsonPart json, Architecture architecture)
    {
        string? name = json["hidden_activation"].StringOrNull() ?? json["hidden_act"].StringOrNull() ?? json["activation_function"].StringOrNull();
        if (name is null)
            return architecture.Activation;
        return Activations.TryGetValue(name, out var kind)
            ? kind
            : throw json.FileError($"activation '{name}' is not known; Ponder knows {string.Join(", ", Activations.Keys)}");
    }

    private static LayerConfig[] Layers(JsonPart json, Architecture architecture, int layers)
    {
        int window = json["use_sliding_window"].BoolOrNull() == false ? 0 : json["sliding_window"].IntOrNull() ?? 0;
        var windowed = json["layer_types"].ListOrNull(IsWindowed);
        if (windowed is null && window > 0 && json["max_window_layers"].IntOrNull() is int firstWindowed)
            windowed = [.. Enumerable.Range(0, layers).Select(i => i >= firstWindowed)];
        var usesRope = json["no_rope_layers"].ListOrNull(flag => flag.Int() != 0);
        if (windowed is not null && windowed.Count < layers)
            throw json["layer_types"].Error($"has {windowed.Count} entries for {layers} layers");
        if (usesRope is not null && usesRope.Count < layers)
            throw json["no_rope_layers"].Error($"has {usesRope.Count} entries for {layers} layers");
        return LayerPlan.Build(architecture, layers, window, windowed, usesRope);
    }

    private static bool IsWindowed(JsonPart layerType) => layerType.Text() switch
    {
        "full_attention" => false,
        "sliding_attention" => true,
        _ => throw layerType.Wrong("'full_attention' or 'sliding_attention'"),
    };

    private static HeadKind Head(JsonPart json, Architecture architecture)
    {
        string name = json["architectures"] is { IsArray: true, Count: > 0 } list ? list.Items().First().Text() ?? "" : "";
        if (name.EndsWith("ForSequenceClassification", StringComparison.Ordinal))
            return HeadKind.SequenceScore;
        if (name.EndsWith("ForTokenClassification", StringComparison.Ordinal))
            return HeadKind.TokenClasses;
        return architecture.Causal ? HeadKind.LanguageModel : HeadKind.HiddenState;
    }

    // transformers' default is two labels; configs write their names, or their number.
    private static int Labels(JsonPart json) => json["id2label"].ObjectOrNull()?.Count ?? json["num_labels"].IntOrNull() ?? 2;
}
