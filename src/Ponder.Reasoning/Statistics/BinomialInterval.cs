namespace Ponder.Reasoning.Statistics;

/// <summary>
/// The interval of a share by Wilson's score (Journal of the American Statistical Association 22, 1927): it stays between 0 and 1, and says
/// something even when none or all succeeded. The trials are taken as independent; for several samples of the same problems use
/// <see cref="Bootstrap"/> over the problems.
/// </summary>
public static class BinomialInterval
{
    /// <summary>The share with its interval.</summary>
    /// <param name="successes">0 to the trials.</param>
    /// <param name="trials">At least 1.</param>
    /// <param name="confidence">Between 0 and 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside its range.</exception>
    public static Interval Wilson(int successes, int trials, double confidence = 0.95)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(trials, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(successes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(successes, trials);
        double z = NormalQuantile.TwoSided(confidence);
        double n = trials;
        double share = successes / n;
        double middle = share + z * z / (2 * n);
        double reach = z * Math.Sqrt(share * (1 - share) / n + z * z / (4 * n * n));
        double scale = 1 + z * z / n;
        double low = successes == 0 ? 0 : (middle - reach) / scale;             // exact at the ends, where the root only comes close
        double high = successes == trials ? 1 : (middle + reach) / scale;
        return new Interval(share, low, high);
    }
}
