namespace Ponder.Inference.Sampling;

/// <summary>Keeps the k most likely tokens.</summary>
internal static class TopK
{
    public static void Apply(Candidates candidates, int k)
    {
        if (k == 0 || k >= candidates.Count)
            return;
        candidates.KeepLargest(k);
    }
}

/// <summary>Keeps the fewest tokens, most likely first, whose probabilities reach p of what is left.</summary>
internal static class TopP
{
    public static void Apply(Candidates candidates, double p)
    {
        if (p >= 1)
            return;
        double total = 0;
        foreach (double probability in candidates.Probabilities)
            total += probability;
        // No token under (1 - p) / n of the mass can be needed: even all of them together are less than what p leaves out. A little less, so that
        // rounding does not drop all of n equals.
        candidates.DropBelow((1 - p) * total / candidates.Count * (1 - 1e-9));
        candidates.Sort();
        double sum = 0;
        int kept = 0;
        do
            sum += candidates.Probabilities[kept++];
        while (kept < candidates.Count && sum < p * total);
        candidates.Keep(kept);
    }
}

/// <summary>Keeps tokens at least a part as likely as the most likely one.</summary>
internal static class MinP
{
    public static void Apply(Candidates candidates, double part)
    {
        if (part <= 0)
            return;
        double largest = 0;
        foreach (double probability in candidates.Probabilities)
            largest = Math.Max(largest, probability);
        candidates.DropBelow(part * largest);
    }
}
