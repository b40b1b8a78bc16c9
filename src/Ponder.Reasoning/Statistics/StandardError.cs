namespace Ponder.Reasoning.Statistics;

/// <summary>How far an average over problems may lie from its expectation.</summary>
public static class StandardError
{
    /// <summary>The standard error of a mean: the sample's standard deviation (n - 1) over the root of n.</summary>
    /// <param name="values">One figure a problem, such as its pass@k; they are taken as independent.</param>
    /// <returns>NaN for fewer than two values: one problem says nothing about the spread.</returns>
    public static double OfMean(IReadOnlyCollection<double> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (values.Count < 2)
            return double.NaN;
        double mean = values.Average();
        double squares = values.Sum(value => (value - mean) * (value - mean));
        return Math.Sqrt(squares / (values.Count - 1) / values.Count);
    }

    /// <summary>The standard error of an accuracy, sqrt(p (1 - p) / n).</summary>
    /// <param name="proportion">p, 0 to 1.</param>
    /// <param name="count">n, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside its range.</exception>
    public static double OfProportion(double proportion, int count)
    {
        if (proportion is not (>= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(proportion), proportion, "A proportion lies between 0 and 1.");
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        return Math.Sqrt(proportion * (1 - proportion) / count);
    }
}
