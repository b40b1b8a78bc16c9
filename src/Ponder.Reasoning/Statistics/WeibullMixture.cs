namespace Ponder.Reasoning.Statistics;

/// <summary>
/// Two Weibull distributions mixed: confidences of samples, of which some belong to good reasoning and some to bad. Zhou et al., arXiv 2502.00511,
/// use it to tell which samples not to count.
/// </summary>
/// <param name="Weight">The share of the first component, 0.2 to 0.8.</param>
/// <param name="First">One component.</param>
/// <param name="Second">The other.</param>
public sealed record WeibullMixture(double Weight, Weibull First, Weibull Second)
{
    private const double LeastWeight = 0.2;
    private const double MostWeight = 0.8;
    private const int MostSteps = 500;

    // Values below would have the logarithm of a chance that cannot be told from none.
    private const double LeastValue = 1e-6;

    /// <summary>The component with the larger mean.</summary>
    public Weibull Good => First.Mean > Second.Mean ? First : Second;

    /// <summary>The other one.</summary>
    public Weibull Bad => First.Mean > Second.Mean ? Second : First;

    /// <summary>The chance that a value comes from the good component.</summary>
    /// <param name="value">Not negative.</param>
    public double GoodPosterior(double value)
    {
        double first = FirstPosterior(Math.Max(value, LeastValue));
        return First.Mean > Second.Mean ? first : 1 - first;
    }

    /// <summary>The log-likelihood of values.</summary>
    public double LogLikelihood(IEnumerable<double> values) => values.Sum(value =>
    {
        double x = Math.Max(value, LeastValue);
        double first = Math.Log(Weight) + First.LogDensity(x), second = Math.Log(1 - Weight) + Second.LogDensity(x);
        double larger = Math.Max(first, second);
        return larger + Math.Log(Math.Exp(first - larger) + Math.Exp(second - larger));
    });

    /// <summary>
    /// Fits the mixture by maximum likelihood: expectation-maximisation from the published start (weight 0.5, shapes 1 and 1.5, scales 1 and 2) and
    /// from the lower and upper half of the values, whichever comes out more likely.
    /// </summary>
    /// <param name="values">At least two, not negative and finite.</param>
    /// <exception cref="ArgumentException">There are fewer, or one is out of range.</exception>
    public static WeibullMixture Fit(IReadOnlyList<double> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (values.Count < 2 || values.Any(value => !(value >= 0 && double.IsFinite(value))))
            throw new ArgumentException("A mixture is fitted to two values at least, each not negative and finite.", nameof(values));
        double[] x = [.. values.Select(value => Math.Max(value, LeastValue)).Order()];
        double[] lower = [.. x.Select((_, i) => i < x.Length / 2 ? 1.0 : 0.0)];
        var published = new WeibullMixture(0.5, new Weibull(1, 1), new Weibull(1.5, 2));
        var halves = new WeibullMixture(0.5, Weibull.Fit(x, lower), Weibull.Fit(x, [.. lower.Select(part => 1 - part)]));
        var (one, other) = (published.Improved(x), halves.Improved(x));
        return other.LogLikelihood(x) > one.LogLikelihood(x) ? other : one;
    }

    private WeibullMixture Improved(double[] x)
    {
        var mixture = this;
        double likelihood = mixture.LogLikelihood(x);
        for (int step = 0; step < MostSteps; step++)
        {
            double[] first = [.. x.Select(mixture.FirstPosterior)];
            double[] second = [.. first.Select(part => 1 - part)];
            // Given who belongs where, weight and components are chosen apart from each other; each bound is then the best that it allows.
            var next = new WeibullMixture(Math.Clamp(first.Average(), LeastWeight, MostWeight), Weibull.Fit(x, first), Weibull.Fit(x, second));
            double reached = next.LogLikelihood(x);
            if (!(reached > likelihood))
                break;
            bool isSettled = reached - likelihood < 1e-9 * x.Length;
            (mixture, likelihood) = (next, reached);
            if (isSettled)
                break;
        }
        return mixture;
    }

    private double FirstPosterior(double x)
    {
        double odds = Math.Log((1 - Weight) / Weight) + Second.LogDensity(x) - First.LogDensity(x);
        return 1 / (1 + Math.Exp(odds));
    }
}
