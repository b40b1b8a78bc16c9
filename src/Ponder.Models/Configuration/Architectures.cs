using Ponder.Numerics.Kernels;

namespace Ponder.Models.Configuration;

/// <summary>The table of model families: a new family is a new row.</summary>
public static class Architectures
{
    private static readonly Dictionary<string, string> DecoderGlobals = new()
    {
        ["token_embd"] = "model.embed_tokens",
        ["output_norm"] = "model.norm",
        ["output"] = "lm_head",
        ["score"] = "score",
    };

    private static readonly Dictionary<string, string> DecoderLayer = new()
    {
        ["attn_norm"] = "input_layernorm",
        ["attn_q"] = "self_attn.q_proj",
        ["attn_k"] = "self_attn.k_proj",
        ["attn_v"] = "self_attn.v_proj",
        ["attn_qkv"] = "self_attn.qkv_proj",
        ["attn_output"] = "self_attn.o_proj",
        ["attn_q_norm"] = "self_attn.q_norm",
        ["attn_k_norm"] = "self_attn.k_norm",
        ["ffn_norm"] = "post_attention_layernorm",
        ["ffn_gate"] = "mlp.gate_proj",
        ["ffn_up"] = "mlp.up_proj",
        ["ffn_down"] = "mlp.down_proj",
    };

    private static readonly TensorNames Decoder = new(DecoderGlobals, "model.layers.", DecoderLayer);

    private static readonly TensorNames Gemma = new(DecoderGlobals, "model.layers.", new Dictionary<string, string>(DecoderLayer)
    {
        ["post_attention_norm"] = "post_attention_layernorm",
        ["ffn_norm"] = "pre_feedforward_layernorm",
        ["post_ffw_norm"] = "post_feedforward_layernorm",
    });

    private static readonly TensorNames Olmo2 = new(DecoderGlobals, "model.layers.", new Dictionary<string, string>(DecoderLayer)
    {
        ["post_attention_norm"] = "post_attention_layernorm",
        ["post_ffw_norm"] = "post_feedforward_layernorm",
    });

    private static readonly TensorNames Phi3 = new(DecoderGlobals, "model.layers.", new Dictionary<string, string>(DecoderLayer)
    {
        ["ffn_up"] = "mlp.gate_up_proj",
    });

    private static readonly TensorNames Starcoder2 = new(DecoderGlobals, "model.layers.", new Dictionary<string, string>(DecoderLayer)
    {
        ["ffn_up"] = "mlp.c_fc",
        ["ffn_down"] = "mlp.c_proj",
    });

    private static readonly TensorNames Gpt2 = new(
        new Dictionary<string, string>
        {
            ["token_embd"] = "wte",
            ["position_embd"] = "wpe",
            ["output_norm"] = "ln_f",
            ["output"] = "lm_head",
            ["score"] = "score",
        },
        "h.",
        new Dictionary<string, string>
        {
            ["attn_norm"] = "ln_1",
            ["attn_qkv"] = "attn.c_attn",
            ["attn_output"] = "attn.c_proj",
            ["ffn_norm"] = "ln_2",
            ["ffn_up"] = "mlp.c_fc",
            ["ffn_down"] = "mlp.c_proj",
        },
        optionalPrefix: "transformer.");

    private static readonly TensorNames Bert = new(
        new Dictionary<string, string>
        {
            ["token_embd"] = "embeddings.word_embeddings",
            ["position_embd"] = "embeddings.position_embeddings",
            ["token_types"] = "embeddings.token_type_embeddings",
            ["token_embd_norm"] = "embeddings.LayerNorm",
        },
        "encoder.layer.",
        new Dictionary<string, string>
        {
            ["attn_q"] = "attention.self.query",
            ["attn_k"] = "attention.self.key",
            ["attn_v"] = "attention.self.value",
            ["attn_output"] = "attention.output.dense",
            ["attn_output_norm"] = "attention.output.LayerNorm",
            ["ffn_up"] = "intermediate.dense",
            ["ffn_down"] = "output.dense",
            ["layer_output_norm"] = "output.LayerNorm",
        },
        optionalPrefix: "bert.");

    /// <summary>All families.</summary>
    public static IReadOnlyList<Architecture> All { get; } =
    [
        new() { Name = "llama", ModelTypes = ["llama"], HuggingFaceNames = Decoder, GgufRopeStyle = RopeStyle.Interleaved },
        new() { Name = "mistral", ModelTypes = ["mistral"], HuggingFaceNames = Decoder, GgufRopeStyle = RopeStyle.Interleaved, WindowPattern = 1 },
        new() { Name = "qwen2", ModelTypes = ["qwen2"], HuggingFaceNames = Decoder, WindowPattern = 1 },
        new() { Name = "qwen3", ModelTypes = ["qwen3"], HuggingFaceNames = Decoder, QkNorm = QkNormKind.PerHead, WindowPattern = 1 },
        new()
        {
            Name = "gemma2", ModelTypes = ["gemma2"], HuggingFaceNames = Gemma, Placement = NormPlacement.BeforeAndAfter, NormWeightsMinusOne = true,
            Activation = ActivationKind.GeluTanh, ScalesEmbedding = true, WindowPattern = 2, WidthScaledLayerCounts = [46],
        },
        new()
        {
            Name = "gemma3", ModelTypes = ["gemma3_text"], HuggingFaceNames = Gemma, Placement = NormPlacement.BeforeAndAfter,
            NormWeightsMinusOne = true, QkNorm = QkNormKind.PerHead, Activation = ActivationKind.GeluTanh, ScalesEmbedding = true,
            WindowPattern = 6, LocalRopeBase = 10_000, WidthScaledLayerCounts = [62],
        },
        new() { Name = "phi3", ModelTypes = ["phi3"], HuggingFaceNames = Phi3, FusedQkv = true, FusedGateUp = true, WindowPattern = 1 },
        new()
        {
            Name = "olmo2", ModelTypes = ["olmo2"], HuggingFaceNames = Olmo2, Placement = NormPlacement.After, QkNorm = QkNormKind.FullWidth,
        },
        new()
        {
            Name = "smollm3", ModelTypes = ["smollm3"], HuggingFaceNames = Decoder, GgufRopeStyle = RopeStyle.Interleaved, NoRopeInterval = 4,
            WindowPattern = 1,
        },
        new()
        {
            Name = "gpt2", ModelTypes = ["gpt2"], HuggingFaceNames = Gpt2, Norm = NormKind.Layer, Activation = ActivationKind.GeluTanh, Gated = false,
            FusedQkv = true, TransposedLinear = true, LearnedPositions = true,
        },
        new()
        {
            Name = "starcoder2", ModelTypes = ["starcoder2"], HuggingFaceNames = Starcoder2, Norm = NormKind.Layer,
            Activation = ActivationKind.GeluTanh, Gated = false, WindowPattern = 1,
        },
        new()
        {
            Name = "bert", ModelTypes = ["bert"], HuggingFaceNames = Bert, Norm = NormKind.Layer, Placement = NormPlacement.OnResidual,
            Activation = ActivationKind.Gelu, Gated = false, LearnedPositions = true, Causal = false,
        },
    ];

    /// <summary>The family of a GGUF <c>general.architecture</c>, or null.</summary>
    public static Architecture? FromGguf(string name) => All.FirstOrDefault(a => a.Name == name);

    /// <summary>The family of a Hugging Face <c>model_type</c>, or null.</summary>
    public static Architecture? FromModelType(string modelType) => All.FirstOrDefault(a => a.ModelTypes.Contains(modelType));

    /// <summary>All names, for messages.</summary>
    public static string KnownNames => string.Join(", ", All.Select(a => a.Name));
}
