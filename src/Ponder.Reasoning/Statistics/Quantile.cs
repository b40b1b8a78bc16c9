namespace Ponder.Reasoning.Statistics;

/// <summary>Quantiles with linear interpolation between neighbours: the values stand at 0, 1/(n-1) … 1.</summary>
internal static class Quantile
{
    /// <summary>The value that a share of the values lies below.</summary>
    /// <param name="values">At least one, in any order.</param>
    /// <param name="share">0 for the smallest to 1 for the largest.</param>
    public static double Of(IEnumerable<double> values, double share) => OfSorted([.. values.Order()], share);

    /// <inheritdoc cref="Of"/>
    /// <remarks>The values are in order, the smallest first.</remarks>
    public static double OfSorted(IReadOnlyList<double> sorted, double share)
    {
        ArgumentOutOfRangeException.ThrowIfZero(sorted.Count);
        if (share is not (>= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(share), share, "A share lies between 0 and 1.");
        double at = share * (sorted.Count - 1);
        int below = (int)at;
        double part = at - below;
        return part == 0 ? sorted[below] : sorted[below] + part * (sorted[below + 1] - sorted[below]);
    }
}
