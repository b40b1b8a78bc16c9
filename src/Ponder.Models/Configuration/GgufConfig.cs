using Ponder.Models.Files;
using Ponder.Models.Gguf;

namespace Ponder.Models.Configuration;

/// <summary>Reads a <see cref="ModelConfig"/> from GGUF metadata.</summary>
public static class GgufConfig
{
    /// <summary>Reads and checks the configuration.</summary>
    /// <exception cref="ModelFileException">A key is missing, out of range, or names something that is not known.</exception>
    public static ModelConfig Read(GgufFile file)
    {
        var metadata = file.Metadata;
        string name = metadata.GetString("general.architecture");
        var architecture = Architectures.FromGguf(name)
            ?? throw new ModelFileException(file.Path, $"general.architecture '{name}' is not known; Ponder knows {Architectures.KnownNames}");
        var keys = new Keys(metadata, name);

        int layers = keys.Int("block_count"), width = keys.Int("embedding_length"), heads = keys.Int("attention.head_count");
        bool hasKeyLength = metadata.TryGetInt32(name + ".attention.key_length", out int headSize);
        if (!hasKeyLength && heads > 0)
        {
            if (width % heads != 0)
            {
                throw new ModelFileException(
                    file.Path, $"{name}.embedding_length {width} does not divide into {heads} attention heads, and there is no attention.key_length");
            }
            headSize = width / heads;
        }
        if (metadata.TryGetInt32(name + ".attention.value_length", out int valueSize) && valueSize != headSize)
        {
            throw new ModelFileException(
                file.Path, $"{name}.attention.value_length {valueSize} differs from key_length {headSize}, which Ponder does not support");
        }
        int vocabulary = VocabularySize(file, keys);
        var rope = architecture.LearnedPositions ? null : Rope(file, keys, headSize);
        var config = new ModelConfig
        {
            Architecture = architecture,
            Width = width,
            Heads = heads,
            KvHeads = keys.Int("attention.head_count_kv", heads),
            HeadSize = headSize,
            FeedForwardWidth = keys.Int("feed_forward_length"),
            Vocabulary = vocabulary,
            Context = keys.Int("context_length"),
            NormEpsilon = keys.Float(architecture.Norm == NormKind.Rms ? "attention.layer_norm_rms_epsilon" : "attention.layer_norm_epsilon"),
            Activation = architecture.Activation,
            AttentionScale = keys.Float(
                "attention.scale", 1 / MathF.Sqrt(architecture.WidthScaledLayerCounts.Contains(layers) ? (float)width / heads : headSize)),
            AttentionSoftcap = keys.Float("attn_logit_softcapping", 0),
            FinalSoftcap = keys.Float("final_logit_softcapping", 0),
            EmbeddingScale = architecture.ScalesEmbedding ? MathF.Sqrt(width) : 1,
            Rope = rope,
            LocalRope = architecture.LocalRopeBase > 0 ? new RopeConfig(keys.Float("rope.freq_base_swa", architecture.LocalRopeBase)) : null,
            RopeStyle = architecture.GgufRopeStyle,
            RotaryDimensions = architecture.LearnedPositions ? 0 : keys.Int("rope.dimension_count", headSize),
            Layers = LayerPlan.Build(architecture, layers, keys.Int("attention.sliding_window", 0), null, null),
            Head = architecture.Causal ? HeadKind.LanguageModel : HeadKind.HiddenState,
            Pooling = Pooling(file, keys),
        };
        return ModelConfigChecks.Checked(file.Path, config);
    }

    // A file without the count has it in its embedding, or, when it holds a vocabulary only, in its token list.
    private static int VocabularySize(GgufFile file, Keys keys)
    {
        if (file.TryGetTensor("token_embd.weight", out var embedding) && embedding.Shape.Count == 2)
            return (int)Math.Min(embedding.Shape[0], int.MaxValue);
        return keys.Int("vocab_size", file.Metadata.TryGetStringArray("tokenizer.ggml.tokens", out string[]? tokens) ? tokens.Length : 0);
    }

    private static RopeConfig Rope(GgufFile file, Keys keys, int headSize)
    {
        float theta = keys.Float("rope.freq_base", 10_000);
        int pairs = keys.Int("rope.dimension_count", headSize) / 2;
        int original = keys.Int("rope.scaling.original_context_length", 0);
        if (file.TryGetTensor("rope_factors_long.weight", out var longFactors)
            && file.TryGetTensor("rope_factors_short.weight", out var shortFactors))
        {
            if (original <= 0)
            {
                throw new ModelFileException(
                    file.Path, $"{keys.Name("rope.scaling.original_context_length")} is missing, and the file has LongRoPE factors");
            }
            return new RopeConfig(theta, new LongRopeScaling(
                Factors(file, shortFactors, pairs), Factors(file, longFactors, pairs), original, keys.Float("rope.scaling.attn_factor", 1)));
        }
        if (file.TryGetTensor("rope_freqs.weight", out var divisors))
            return new RopeConfig(theta, new DivisorScaling(Factors(file, divisors, pairs)));
        float factor = keys.Float("rope.scaling.factor", 1);
        string type = keys.String("rope.scaling.type", "none");
        return type switch
        {
            "none" => new RopeConfig(theta),
            "linear" => new RopeConfig(theta, factor == 1 ? null : new LinearScaling(factor)),
            "yarn" => new RopeConfig(theta, new YarnScaling(
                factor,
                original > 0 ? original : keys.Int("context_length"),
                keys.Float("rope.scaling.yarn_beta_fast", 32),
                keys.Float("rope.scaling.yarn_beta_slow", 1),
                keys.Float("rope.scaling.attn_factor", 1) * (0.1f * MathF.Log(factor) + 1),
                Truncate: true)),
            _ => throw new ModelFileException(file.Path, $"{keys.Name("rope.scaling.type")} '{type}' is not known; Ponder knows none, linear, yarn"),
        };
    }

    private static float[] Factors(GgufFile file, Tensor tensor, int pairs)
    {
        if (tensor.Count != pairs)
            throw new ModelFileException(file.Path, $"tensor '{tensor.Name}' holds {tensor.Count} factors, but a head has {pairs} rotated pairs");
        return tensor.ToFloats();
    }

    private static PoolingKind Pooling(GgufFile file, Keys keys) => keys.Int("pooling_type", 1) switch
    {
        0 or 1 => PoolingKind.Mean,
        2 => PoolingKind.First,
        3 => PoolingKind.Last,
        int other => throw new ModelFileException(
            file.Path, $"{keys.Name("pooling_type")} {other} is not known; Ponder knows 1 (mean), 2 (first), 3 (last)"),
    };

    /// <summary>Keys below the architecture's name.</summary>
    private sealed class Keys(GgufMetadata metadata, string architecture)
    {
        public string Name(string key) => $"{architecture}.{key}";

        public int Int(string key) => metadata.GetInt32(Name(key));

        public int Int(string key, int otherwise) => metadata.TryGetInt32(Name(key), out int value) ? value : otherwise;

        public float Float(string key) => metadata.GetSingle(Name(key));

        public float Float(string key, float otherwise) => metadata.TryGetSingle(Name(key), out float value) ? value : otherwise;

        public string String(string key, string otherwise) => metadata.TryGetString(Name(key), out string? value) ? value : otherwise;
    }
}
