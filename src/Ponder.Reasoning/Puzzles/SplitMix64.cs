namespace Ponder.Reasoning.Puzzles;

/// <summary>
/// The SplitMix64 generator (Steele, Lea and Flood, OOPSLA 2014): a counter in steps of the golden ratio, mixed. It gives the same
/// numbers on every machine and in every version of .NET, which System.Random does not promise.
/// </summary>
internal sealed class SplitMix64(ulong seed)
{
    private ulong _counter = seed;

    public ulong Next()
    {
        ulong z = _counter += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>A number from low to high, both included: the high half of a product, whose bias over 2^64 is nothing here.</summary>
    public int Between(int low, int high) => low + (int)Math.BigMul(Next(), (ulong)(high - low + 1), out _);
}
