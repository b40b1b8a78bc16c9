namespace Ponder.Inference.Sampling;

/// <summary>
/// A counter-based generator: a draw is a hash of seed, branch and position, so that it depends on nothing that runs beside it and needs no
/// state. The hash is SplitMix64's finaliser (Steele, Lea and Flood, OOPSLA 2014), chained over the three words.
/// </summary>
public static class CounterRandom
{
    /// <summary>A uniform number in [0, 1) with 53 random bits.</summary>
    /// <param name="seed">The seed of a request.</param>
    /// <param name="branch">The branch or sample within it.</param>
    /// <param name="position">The draw within the branch.</param>
    public static double Uniform(ulong seed, ulong branch, ulong position) => (Bits(seed, branch, position) >> 11) * (1.0 / (1UL << 53));

    /// <summary>64 random bits.</summary>
    /// <inheritdoc cref="Uniform"/>
    public static ulong Bits(ulong seed, ulong branch, ulong position) => Mix(Mix(Mix(seed) ^ branch) ^ position);

    private static ulong Mix(ulong value)
    {
        value += 0x9E3779B97F4A7C15;
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
