using Ponder.Inference.Sampling;

namespace Ponder.Reasoning.Statistics;

/// <summary>Subsets of k of n things: all of them where they are few, else some drawn from a seed.</summary>
internal static class Subsets
{
    /// <summary>The subsets. What is handed out is overwritten by the next one.</summary>
    /// <param name="n">How many things.</param>
    /// <param name="k">How many of them, 0 to n.</param>
    /// <param name="draws">How many are drawn, where there are more.</param>
    /// <param name="seed">The seed of the draws.</param>
    public static IEnumerable<int[]> Of(int n, int k, int draws, ulong seed) => Count(n, k, draws) <= draws ? All(n, k) : Drawn(n, k, draws, seed);

    // C(n, k), or something above the limit.
    private static double Count(int n, int k, int limit)
    {
        double count = 1;
        int small = Math.Min(k, n - k);
        for (int i = 1; i <= small && count <= limit; i++)
            count = count * (n - small + i) / i;
        return count;
    }

    private static IEnumerable<int[]> All(int n, int k)
    {
        int[] subset = [.. Enumerable.Range(0, k)];
        while (true)
        {
            yield return subset;
            int last = k - 1;
            while (last >= 0 && subset[last] == n - k + last)
                last--;
            if (last < 0)
                yield break;
            subset[last]++;
            for (int i = last + 1; i < k; i++)
                subset[i] = subset[i - 1] + 1;
        }
    }

    /// <summary>Draws from a seed: the beginning of a shuffle, again and again; where one ends does not matter to the next.</summary>
    public static IEnumerable<int[]> Drawn(int n, int k, int draws, ulong seed)
    {
        int[] all = [.. Enumerable.Range(0, n)];
        var subset = new int[k];
        for (int draw = 0; draw < draws; draw++)
        {
            for (int i = 0; i < k; i++)
            {
                int other = i + (int)(CounterRandom.Uniform(seed, (ulong)draw, (ulong)i) * (n - i));
                (all[i], all[other]) = (all[other], all[i]);
                subset[i] = all[i];
            }
            yield return subset;
        }
    }
}
