using Ponder.Models.Files;

namespace Ponder.Models.Configuration;

/// <summary>The sanity of a configuration, checked once before any size of it is used.</summary>
internal static class ModelConfigChecks
{
    public const int MaxLayers = 4096;
    private const int MaxWidth = 1 << 20;

    /// <summary>Returns <paramref name="config"/> if every field is in range and they fit each other.</summary>
    /// <exception cref="ModelFileException">Names the first field that does not.</exception>
    public static ModelConfig Checked(string path, ModelConfig config)
    {
        void Range(string field, long value, long most)
        {
            if (value < 1 || value > most)
                throw new ModelFileException(path, $"{field} is {value}, but must be from 1 to {most}");
        }

        void Demand(bool condition, string message)
        {
            if (!condition)
                throw new ModelFileException(path, message);
        }

        Range("the number of layers", config.Layers.Count, MaxLayers);
        Range("the hidden size", config.Width, MaxWidth);
        Range("the number of attention heads", config.Heads, 4096);
        Range("the number of key-value heads", config.KvHeads, config.Heads);
        Range("the head size", config.HeadSize, 4096);
        Range("the feed-forward size", config.FeedForwardWidth, MaxWidth);
        Range("the vocabulary size", config.Vocabulary, 1 << 26);
        Range("the context length", config.Context, 1 << 28);
        Demand(config.Heads % config.KvHeads == 0, $"{config.Heads} attention heads cannot be shared among {config.KvHeads} key-value heads");
        Demand(config.NormEpsilon is > 0 and < 1, $"the norm's epsilon is {config.NormEpsilon}, but must be between 0 and 1");
        Demand(
            float.IsFinite(config.AttentionScale) && config.AttentionScale > 0,
            $"the attention scale is {config.AttentionScale}, but must be above 0");
        Demand(config.AttentionSoftcap >= 0 && config.FinalSoftcap >= 0, "a soft cap is negative");
        if (config.Head is HeadKind.SequenceScore or HeadKind.TokenClasses)
            Range("the number of labels", config.Labels, 1 << 16);
        CheckRope(config, config.Rope, Demand);
        CheckRope(config, config.LocalRope, Demand);
        return config;
    }

    private static void CheckRope(ModelConfig config, RopeConfig? rope, Action<bool, string> demand)
    {
        if (rope is null)
            return;
        int rotated = config.RotaryDimensions;
        demand(
            rotated >= 2 && rotated % 2 == 0 && rotated <= config.HeadSize,
            $"{rotated} rotated dimensions do not fit a head of {config.HeadSize}");
        demand(float.IsFinite(rope.Base) && rope.Base > 1, $"the RoPE base is {rope.Base}, but must be above 1");
        bool sound = rope.Scaling switch
        {
            LinearScaling linear => linear.Factor > 0,
            Llama3Scaling llama => llama.Factor > 0 && llama.LowFrequencyFactor > 0 && llama.HighFrequencyFactor > llama.LowFrequencyFactor
                && llama.OriginalContext > 0,
            YarnScaling yarn => yarn.Factor > 0 && yarn.OriginalContext > 0 && yarn.BetaFast > 0 && yarn.BetaSlow > 0
                && float.IsFinite(yarn.AttentionFactor),
            LongRopeScaling longRope => longRope.OriginalContext > 0 && float.IsFinite(longRope.AttentionFactor)
                && Divides(longRope.ShortFactors, rotated / 2) && Divides(longRope.LongFactors, rotated / 2),
            DivisorScaling divisors => Divides(divisors.Factors, rotated / 2),
            _ => true,
        };
        demand(sound, $"the RoPE scaling has a factor out of range or a list whose length is not {rotated / 2}");
    }

    private static bool Divides(IReadOnlyList<float> factors, int pairs) => factors.Count == pairs && factors.All(f => float.IsFinite(f) && f > 0);
}
