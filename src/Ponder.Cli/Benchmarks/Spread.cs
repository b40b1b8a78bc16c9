namespace Ponder.Cli.Benchmarks;

/// <summary>What several runs gave: on a shared machine one number says little.</summary>
/// <param name="Min">The least.</param>
/// <param name="Median">The middle one, or the mean of the two in the middle.</param>
/// <param name="Max">The most.</param>
internal sealed record Spread(double Min, double Median, double Max)
{
    /// <summary>The spread of at least one value.</summary>
    public static Spread Of(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return new Spread(sorted[0], (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2, sorted[^1]);
    }
}
