namespace Ponder.Replay;

/// <summary>Small statistics.</summary>
internal static class Figures
{
    /// <summary>The value that a part of all values does not exceed (nearest rank); NaN of none.</summary>
    /// <param name="values">In any order.</param>
    /// <param name="part">Above 0, at most 1: 0.5 is the median.</param>
    public static double Quantile(IEnumerable<double> values, double part)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length == 0 ? double.NaN : sorted[Math.Clamp((int)Math.Ceiling(part * sorted.Length) - 1, 0, sorted.Length - 1)];
    }

    /// <summary>Ids of a vocabulary, past the control tokens that made-up vocabularies begin with.</summary>
    public static int[] RandomIds(Random random, int count, int vocabulary) => [.. Enumerable.Range(0, count).Select(_ => random.Next(8, vocabulary))];
}
