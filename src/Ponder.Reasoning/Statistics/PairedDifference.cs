namespace Ponder.Reasoning.Statistics;

/// <summary>
/// How much better one strategy does than another on the same problems. Problems differ far more than strategies do, so that the difference is
/// taken problem by problem: its interval is much narrower than those of the two accuracies.
/// </summary>
/// <param name="Difference">First minus second, with its bootstrap interval over problems.</param>
/// <param name="FirstBetter">Problems on which the first does better.</param>
/// <param name="SecondBetter">Problems on which the second does better.</param>
/// <param name="Problems">All of them.</param>
public sealed record PairedDifference(Interval Difference, int FirstBetter, int SecondBetter, int Problems)
{
    /// <summary>Whether the interval leaves out 0.</summary>
    public bool IsClear => !Difference.Contains(0);

    /// <summary>Compares two strategies.</summary>
    /// <param name="first">One figure a problem: 0 or 1, or an expected accuracy.</param>
    /// <param name="second">The other's, for the same problems in the same order.</param>
    /// <param name="confidence">Between 0 and 1.</param>
    /// <param name="seed">The seed of the bootstrap.</param>
    /// <exception cref="ArgumentException">The lists are empty or not equally long.</exception>
    public static PairedDifference Of(IReadOnlyList<double> first, IReadOnlyList<double> second, double confidence = 0.95, ulong seed = 0)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        if (first.Count != second.Count || first.Count == 0)
            throw new ArgumentException($"Paired figures must be of the same problems: here are {first.Count} and {second.Count}.", nameof(second));
        double[] differences = [.. first.Zip(second, (a, b) => a - b)];
        var interval = Bootstrap.OfMean(differences, confidence, seed: seed);
        return new PairedDifference(interval, differences.Count(d => d > 0), differences.Count(d => d < 0), differences.Length);
    }
}
