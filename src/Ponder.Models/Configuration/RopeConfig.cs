namespace Ponder.Models.Configuration;

/// <summary>How the rotation frequencies are stretched for contexts longer than the base training.</summary>
public abstract record RopeScaling
{
    /// <summary>The names that Ponder knows, as config files write them.</summary>
    public static IReadOnlyList<string> KnownNames { get; } = ["default", "linear", "llama3", "yarn", "longrope"];
}

/// <summary>All frequencies divided by one factor (position interpolation, Chen et al., arXiv 2306.15595).</summary>
/// <param name="Factor">At least 1.</param>
public sealed record LinearScaling(float Factor) : RopeScaling;

/// <summary>Llama 3's: low frequencies divided, high ones kept, a ramp between.</summary>
/// <param name="Factor">Divides the low frequencies.</param>
/// <param name="LowFrequencyFactor">Wavelengths above original context / this are divided.</param>
/// <param name="HighFrequencyFactor">Wavelengths below original context / this are kept.</param>
/// <param name="OriginalContext">Context of the base training in tokens.</param>
public sealed record Llama3Scaling(float Factor, float LowFrequencyFactor, float HighFrequencyFactor, int OriginalContext) : RopeScaling;

/// <summary>YaRN (Peng et al., arXiv 2309.00071): a ramp by number of rotations, and a factor on the attention.</summary>
/// <param name="Factor">Stretch of the context.</param>
/// <param name="OriginalContext">Context of the base training in tokens.</param>
/// <param name="BetaFast">Rotations above which a frequency is kept (32).</param>
/// <param name="BetaSlow">Rotations below which a frequency is divided (1).</param>
/// <param name="AttentionFactor">Multiplies cosines and sines; 0.1 ln(factor) + 1 unless the config says otherwise.</param>
/// <param name="Truncate">Rounds the ends of the ramp to whole dimensions, as the original does.</param>
public sealed record YarnScaling(
    float Factor, int OriginalContext, float BetaFast, float BetaSlow, float AttentionFactor, bool Truncate) : RopeScaling;

/// <summary>LongRoPE (Ding et al., arXiv 2402.13753): a divisor for each frequency, one set for short and one for long sequences.</summary>
/// <param name="ShortFactors">[pairs]: for sequences of at most <paramref name="OriginalContext"/> tokens.</param>
/// <param name="LongFactors">[pairs]: for longer ones.</param>
/// <param name="OriginalContext">Context of the base training in tokens.</param>
/// <param name="AttentionFactor">Multiplies cosines and sines.</param>
public sealed record LongRopeScaling(
    IReadOnlyList<float> ShortFactors, IReadOnlyList<float> LongFactors, int OriginalContext, float AttentionFactor) : RopeScaling;

/// <summary>A divisor for each frequency, as GGUF files store Llama 3's scaling (tensor <c>rope_freqs.weight</c>).</summary>
/// <param name="Factors">[pairs].</param>
public sealed record DivisorScaling(IReadOnlyList<float> Factors) : RopeScaling;

/// <summary>One set of rotation frequencies.</summary>
/// <param name="Base">θ: pair i of n turns by position / θ^(i / n).</param>
/// <param name="Scaling">Null for plain RoPE.</param>
public sealed record RopeConfig(float Base, RopeScaling? Scaling = null);
