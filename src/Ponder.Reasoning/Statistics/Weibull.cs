namespace Ponder.Reasoning.Statistics;

/// <summary>A Weibull distribution: density (k/λ) (x/λ)^(k-1) exp(-(x/λ)^k) for x above 0.</summary>
/// <param name="Shape">k, 0.01 to 100.</param>
/// <param name="Scale">λ, at least 0.01.</param>
public sealed record Weibull(double Shape, double Scale)
{
    // The lower bounds are the published ones. The upper one is ours: without it a component may shrink to a single value, whose likelihood has no limit.
    private const double LeastShape = 0.01;
    private const double MostShape = 100;
    private const double LeastScale = 0.01;

    /// <summary>The mean, λ Γ(1 + 1/k).</summary>
    public double Mean => Scale * Math.Exp(LogGamma(1 + 1 / Shape));

    /// <summary>The logarithm of the density.</summary>
    /// <param name="x">Above 0.</param>
    public double LogDensity(double x)
    {
        double logRatio = Math.Log(x / Scale);
        return Math.Log(Shape / Scale) + (Shape - 1) * logRatio - Math.Exp(Math.Min(Shape * logRatio, 700));    // finite, however far off
    }

    /// <summary>The most likely distribution for weighted values, within the bounds.</summary>
    /// <param name="x">Values above 0.</param>
    /// <param name="weights">Not negative, one for each.</param>
    public static Weibull Fit(IReadOnlyList<double> x, IReadOnlyList<double> weights)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(weights);
        double total = weights.Sum();
        if (!(total > 0))
            return new Weibull(1, 1);                           // nothing belongs to it: it does not matter
        double[] logs = [.. x.Select(value => Math.Log(value))];
        double[] logWeights = [.. weights.Select(weight => Math.Log(weight / total))];
        double meanLog = 0;
        for (int i = 0; i < logs.Length; i++)
            meanLog += weights[i] / total * logs[i];

        // The best shape is where the slope of the likelihood, which falls as the shape grows, is 0.
        double low = LeastShape, high = MostShape;
        for (int step = 0; step < 60; step++)
        {
            double middle = Math.Sqrt(low * high);
            if (Slope(middle) > 0)
                low = middle;
            else
                high = middle;
        }
        double shape = Math.Sqrt(low * high);
        return new Weibull(shape, Math.Max(LeastScale, Math.Exp(Powers(shape).LogMean / shape)));

        double Slope(double k) => 1 / k + meanLog - Powers(k).MeanLog;

        // The logarithm of the mean of x^k, and the mean of log x with weights that grow with x^k: by differences from the largest part, so that no
        // power overflows, and not all of them vanish.
        (double LogMean, double MeanLog) Powers(double k)
        {
            double most = double.NegativeInfinity, sum = 0, logSum = 0;
            for (int i = 0; i < logs.Length; i++)
                most = Math.Max(most, logWeights[i] + k * logs[i]);
            for (int i = 0; i < logs.Length; i++)
            {
                double power = Math.Exp(logWeights[i] + k * logs[i] - most);
                sum += power;
                logSum += power * logs[i];
            }
            return (most + Math.Log(sum), logSum / sum);
        }
    }

    // Lanczos' approximation with g = 7 and nine terms, good to 15 digits for x above 0.5.
    private static double LogGamma(double x)
    {
        ReadOnlySpan<double> terms =
        [
            676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059, 12.507343278686905, -0.13857109526572012,
            9.9843695780195716e-6, 1.5056327351493116e-7,
        ];
        double z = x - 1, sum = 0.99999999999980993, t = z + 7.5;
        for (int i = 0; i < terms.Length; i++)
            sum += terms[i] / (z + i + 1);
        return 0.5 * Math.Log(2 * Math.PI) + (z + 0.5) * Math.Log(t) - t + Math.Log(sum);
    }
}
