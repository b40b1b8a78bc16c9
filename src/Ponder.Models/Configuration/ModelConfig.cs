using Ponder.Numerics.Kernels;

namespace Ponder.Models.Configuration;

/// <summary>What a model puts on top of its last hidden state.</summary>
public enum HeadKind
{
    /// <summary>Logits over the vocabulary, for every token.</summary>
    LanguageModel,

    /// <summary>Scores of a whole sequence, read at its last token (outcome reward model, classifier).</summary>
    SequenceScore,

    /// <summary>Class logits for every token (process reward model).</summary>
    TokenClasses,

    /// <summary>The hidden state itself, for every token (encoder).</summary>
    HiddenState,
}

/// <summary>How the hidden states of a text become one embedding.</summary>
public enum PoolingKind
{
    /// <summary>The mean over all tokens.</summary>
    Mean,

    /// <summary>The first token's.</summary>
    First,

    /// <summary>The last token's.</summary>
    Last,
}

/// <summary>What differs from layer to layer.</summary>
/// <param name="UsesRope">False: the layer knows no positions (SmolLM3's every fourth).</param>
/// <param name="Window">A token sees this many newest positions, its own included; 0 for all.</param>
/// <param name="LocalRope">Rotates by <see cref="ModelConfig.LocalRope"/> (Gemma 3's windowed layers).</param>
public readonly record struct LayerConfig(bool UsesRope, int Window, bool LocalRope);

/// <summary>The shape of a model, read from GGUF metadata or a Hugging Face <c>config.json</c>.</summary>
public sealed record ModelConfig
{
    /// <summary>The family: what does not depend on size.</summary>
    public required Architecture Architecture { get; init; }

    /// <summary>Width of the hidden state, d.</summary>
    public required int Width { get; init; }

    /// <summary>Query heads.</summary>
    public required int Heads { get; init; }

    /// <summary>Key and value heads; divides <see cref="Heads"/>.</summary>
    public required int KvHeads { get; init; }

    /// <summary>Values of a head.</summary>
    public required int HeadSize { get; init; }

    /// <summary>Inner width of the feed-forward layers.</summary>
    public required int FeedForwardWidth { get; init; }

    /// <summary>Rows of the embedding.</summary>
    public required int Vocabulary { get; init; }

    /// <summary>Longest sequence in tokens.</summary>
    public required int Context { get; init; }

    /// <summary>ε of the norms.</summary>
    public required float NormEpsilon { get; init; }

    /// <summary>The feed-forward non-linearity.</summary>
    public required ActivationKind Activation { get; init; }

    /// <summary>Multiplies attention scores.</summary>
    public required float AttentionScale { get; init; }

    /// <summary>One entry a layer.</summary>
    public required IReadOnlyList<LayerConfig> Layers { get; init; }

    /// <summary>Rotation of most layers; null where positions are learned.</summary>
    public RopeConfig? Rope { get; init; }

    /// <summary>Rotation of the layers that say so; null where there are none.</summary>
    public RopeConfig? LocalRope { get; init; }

    /// <summary>Which values of a head rotate together, in this file's layout of weights.</summary>
    public RopeStyle RopeStyle { get; init; }

    /// <summary>Rotated values of a head, even, at most <see cref="HeadSize"/>.</summary>
    public int RotaryDimensions { get; init; }

    /// <summary>Soft cap of attention scores; 0 for none.</summary>
    public float AttentionSoftcap { get; init; }

    /// <summary>Soft cap of logits; 0 for none.</summary>
    public float FinalSoftcap { get; init; }

    /// <summary>Multiplies token embeddings (Gemma: √d).</summary>
    public float EmbeddingScale { get; init; } = 1;

    /// <summary>What comes out at the top.</summary>
    public HeadKind Head { get; init; }

    /// <summary>Classes of a reward or classification head; 0 for other heads.</summary>
    public int Labels { get; init; }

    /// <summary>How embeddings are pooled.</summary>
    public PoolingKind Pooling { get; init; }

    /// <summary>Values that come out for each row.</summary>
    public int Outputs => Head switch
    {
        HeadKind.LanguageModel => Vocabulary,
        HeadKind.HiddenState => Width,
        _ => Labels,
    };

    /// <summary>True when a sequence that may reach this many tokens rotates by LongRoPE's long factors; always false without LongRoPE.</summary>
    public bool UsesLongRope(long length) => Rope?.Scaling is LongRopeScaling scaling && length > scaling.OriginalContext;
}
