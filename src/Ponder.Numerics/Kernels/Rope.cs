namespace Ponder.Numerics.Kernels;

/// <summary>Which two values of a head rotate together.</summary>
public enum RopeStyle
{
    /// <summary>Value i with value i + half (GPT-NeoX, Hugging Face).</summary>
    HalfSplit,

    /// <summary>Value 2i with value 2i + 1 (the paper, and GGUF files of the llama architecture, whose weights are permuted for it).</summary>
    Interleaved,
}

/// <summary>Rotary position embedding (Su et al., arXiv 2104.09864).</summary>
public static unsafe class Rope
{
    /// <summary>Rotates the first 2 * <paramref name="pairs"/> values of every head in place; the rest stays.</summary>
    /// <param name="x">[heads, headSize], one token.</param>
    /// <param name="heads">Heads.</param>
    /// <param name="headSize">Values of a head.</param>
    /// <param name="cos">[pairs]: the cosines of the token's angles, times the attention factor of the scaling if there is one.</param>
    /// <param name="sin">[pairs].</param>
    /// <param name="pairs">Rotated pairs of a head, at most headSize / 2.</param>
    /// <param name="style">Which values form a pair.</param>
    public static void Apply(float* x, int heads, int headSize, float* cos, float* sin, int pairs, RopeStyle style)
    {
        int step = style == RopeStyle.Interleaved ? 2 : 1;
        int partner = style == RopeStyle.Interleaved ? 1 : pairs;
        for (int head = 0; head < heads; head++, x += headSize)
        {
            for (int i = 0; i < pairs; i++)
            {
                float a = x[i * step], b = x[i * step + partner];
                x[i * step] = a * cos[i] - b * sin[i];
                x[i * step + partner] = b * cos[i] + a * sin[i];
            }
        }
    }
}
