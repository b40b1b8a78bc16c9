using Ponder.Inference.Sampling;

namespace Ponder.Reasoning.Statistics;

/// <summary>
/// Percentile intervals by resampling problems with replacement (Efron, Annals of Statistics 7, 1979). Problems are what is drawn anew, not
/// samples: samples of one problem are alike. The same seed gives the same interval.
/// </summary>
public static class Bootstrap
{
    /// <summary>Resamples where nothing else is said: the ends of a 95 % interval are then good to about a twentieth of its width.</summary>
    public const int Resamples = 2000;

    /// <summary>The interval of a mean over problems.</summary>
    /// <param name="values">One figure a problem, such as its pass@k; at least one.</param>
    /// <param name="confidence">Between 0 and 1.</param>
    /// <param name="resamples">At least 1.</param>
    /// <param name="seed">The seed of the draws.</param>
    public static Interval OfMean(IReadOnlyList<double> values, double confidence = 0.95, int resamples = Resamples, ulong seed = 0)
    {
        ArgumentNullException.ThrowIfNull(values);
        return Of(values.Count, draw => draw.Sum(i => values[i]) / draw.Length, confidence, resamples, seed);
    }

    /// <summary>The interval of any statistic over problems.</summary>
    /// <param name="count">How many problems; at least 1.</param>
    /// <param name="statistic">The figure for problems given by their numbers, from 0, some of them more than once; NaN where it has none.</param>
    /// <param name="confidence">Between 0 and 1.</param>
    /// <param name="resamples">At least 1.</param>
    /// <param name="seed">The seed of the draws.</param>
    /// <returns>The statistic of the problems themselves with its interval; resamples without a figure do not count.</returns>
    public static Interval Of(int count, Func<int[], double> statistic, double confidence = 0.95, int resamples = Resamples, ulong seed = 0)
    {
        ArgumentNullException.ThrowIfNull(statistic);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(resamples, 1);
        if (confidence is not (> 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(confidence), confidence, "A confidence lies between 0 and 1.");
        double estimate = statistic([.. Enumerable.Range(0, count)]);
        var figures = new List<double>(resamples);
        var draw = new int[count];
        for (int resample = 0; resample < resamples; resample++)
        {
            for (int i = 0; i < count; i++)
                draw[i] = (int)(CounterRandom.Uniform(seed, (ulong)resample, (ulong)i) * count);
            double figure = statistic(draw);
            if (!double.IsNaN(figure))
                figures.Add(figure);
        }
        if (figures.Count == 0)
            return new Interval(estimate, double.NaN, double.NaN);
        figures.Sort();
        return new Interval(estimate, Quantile.OfSorted(figures, (1 - confidence) / 2), Quantile.OfSorted(figures, (1 + confidence) / 2));
    }
}
