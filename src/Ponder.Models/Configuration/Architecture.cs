using Ponder.Numerics.Kernels;

namespace Ponder.Models.Configuration;

/// <summary>How hidden states are normalised.</summary>
public enum NormKind
{
    /// <summary>Root mean square, a weight.</summary>
    Rms,

    /// <summary>Mean and variance, a weight and a bias.</summary>
    Layer,
}

/// <summary>Where a layer's norms stand.</summary>
public enum NormPlacement
{
    /// <summary>Before attention and feed-forward.</summary>
    Before,

    /// <summary>Before, and again on the result before it joins the residual (Gemma 2, 3).</summary>
    BeforeAndAfter,

    /// <summary>Only on the result before it joins the residual (OLMo 2).</summary>
    After,

    /// <summary>On the sum of residual and result (the original transformer, BERT).</summary>
    OnResidual,
}

/// <summary>Norms on queries and keys.</summary>
public enum QkNormKind
{
    /// <summary>None.</summary>
    None,

    /// <summary>One weight of head size for all heads.</summary>
    PerHead,

    /// <summary>Over the whole width of the queries or keys.</summary>
    FullWidth,
}

/// <summary>
/// A model family: everything that its models share whatever their size. The families are rows of <see cref="Architectures"/>; nothing else
/// in the code base asks for a family by name.
/// </summary>
public sealed record Architecture
{
    /// <summary>GGUF's <c>general.architecture</c>.</summary>
    public required string Name { get; init; }

    /// <summary><c>model_type</c> of the Hugging Face configs of this family.</summary>
    public required IReadOnlyList<string> ModelTypes { get; init; }

    /// <summary>Hugging Face names of the tensors: see <see cref="TensorNames"/>.</summary>
    public required TensorNames HuggingFaceNames { get; init; }

    /// <summary>The norm.</summary>
    public NormKind Norm { get; init; } = NormKind.Rms;

    /// <summary>Where the norms stand.</summary>
    public NormPlacement Placement { get; init; } = NormPlacement.Before;

    /// <summary>Norms on queries and keys.</summary>
    public QkNormKind QkNorm { get; init; } = QkNormKind.None;

    /// <summary>Safetensors hold w - 1 for a norm's weight w (Gemma); GGUF files hold w.</summary>
    public bool NormWeightsMinusOne { get; init; }

    /// <summary>A gate multiplies the feed-forward's inner values (GLU).</summary>
    public bool Gated { get; init; } = true;

    /// <summary>Q, K and V are the rows of one matrix <c>attn_qkv</c>.</summary>
    public bool FusedQkv { get; init; }

    /// <summary>Gate and up are the rows of one matrix, stored as <c>ffn_up</c>.</summary>
    public bool FusedGateUp { get; init; }

    /// <summary>Safetensors hold linear layers as [inputs, outputs] (GPT-2's Conv1D).</summary>
    public bool TransposedLinear { get; init; }

    /// <summary>Positions are embeddings that are added; no RoPE.</summary>
    public bool LearnedPositions { get; init; }

    /// <summary>False: every token sees the whole text (encoders).</summary>
    public bool Causal { get; init; } = true;

    /// <summary>Embeddings are multiplied by √d.</summary>
    public bool ScalesEmbedding { get; init; }

    /// <summary>How GGUF files of this family lay out rotated pairs.</summary>
    public RopeStyle GgufRopeStyle { get; init; } = RopeStyle.HalfSplit;

    /// <summary>The activation where the file does not say.</summary>
    public ActivationKind Activation { get; init; } = ActivationKind.Silu;

    /// <summary>Where a window is set: every n-th layer sees everything; 1 puts the window on every layer; 0: the family has no window.</summary>
    public int WindowPattern { get; init; }

    /// <summary>RoPE base of windowed layers where the file does not say; 0: the same as the others.</summary>
    public float LocalRopeBase { get; init; }

    /// <summary>Every n-th layer has no RoPE where the file does not say; 0: all have it.</summary>
    public int NoRopeInterval { get; init; }

    /// <summary>Layer counts of models whose attention scale is 1 / √(d / heads) instead of 1 / √(head size) (the 27B Gemmas).</summary>
    public IReadOnlyList<int> WidthScaledLayerCounts { get; init; } = [];
}
