namespace Ponder.Inference.Sampling;

/// <summary>What a key counts for.</summary>
internal interface IMeasure
{
    /// <summary>Not negative.</summary>
    double Of(ulong key);
}

/// <summary>Every key counts 1.</summary>
internal readonly struct Ones : IMeasure
{
    public double Of(ulong key) => 1;
}

/// <summary>Finds the first of many without sorting the others.</summary>
internal static class Selection
{
    private const int Few = 64;                                 // sorted at once

    /// <summary>
    /// Brings to the front the fewest keys, least first, whose measures reach <paramref name="target"/>: quickselect, where a side counts for the sum
    /// of its measures. At least one, all if they do not reach it.
    /// </summary>
    /// <param name="keys">Distinct keys; their order changes.</param>
    /// <param name="target">The sum to reach.</param>
    /// <param name="measure">What a key counts for.</param>
    /// <returns>How many keys there are at the front, in no order.</returns>
    public static int Prefix<TMeasure>(Span<ulong> keys, double target, TMeasure measure) where TMeasure : struct, IMeasure
    {
        int low = 0, high = keys.Length, rounds = 0;
        double reached = 0;
        // Bad luck with pivots ends in a sort.
        while (high - low > Few && rounds++ < 100)
        {
            int middle = low + Partition(keys[low..high]);
            double left = 0;
            foreach (ulong key in keys[low..middle])
                left += measure.Of(key);
            if (reached + left >= target)
                high = middle;
            else
                (low, reached) = (middle, reached + left);
        }
        keys[low..high].Sort();
        do
            reached += measure.Of(keys[low++]);
        while (low < high && reached < target);
        return low;
    }

    /// <summary>Brings the keys below the median of three to the front: at least one, and not all.</summary>
    private static int Partition(Span<ulong> keys)
    {
        ulong a = keys[0], b = keys[keys.Length / 2], c = keys[^1];
        ulong pivot = Math.Max(Math.Min(a, b), Math.Min(Math.Max(a, b), c));
        int front = 0;
        for (int i = 0; i < keys.Length; i++)
        {
            ulong key = keys[i];
            keys[i] = keys[front];
            keys[front] = key;
            front += key < pivot ? 1 : 0;                       // no branch: it could not be foretold
        }
        return front;
    }
}
