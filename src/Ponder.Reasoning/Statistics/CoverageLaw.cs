namespace Ponder.Reasoning.Statistics;

/// <summary>
/// How coverage grows with samples: log C(k) = a k^b with a and b below 0, an exponentiated power law. Brown et al., arXiv 2407.21787. It is a law
/// about a set of problems, not about one: it comes from how their chances spread, many being near 0.
/// </summary>
/// <param name="A">log C(1), at most 0; negative infinity when nothing is ever right.</param>
/// <param name="B">At most 0.</param>
public sealed record CoverageLaw(double A, double B)
{
    // Steeper than any curve that can be told from a step.
    private const double SteepestB = -8;

    /// <summary>The coverage of k samples.</summary>
    /// <param name="k">At least 1.</param>
    public double At(double k)
    {
        if (!(k >= 1))
            throw new ArgumentOutOfRangeException(nameof(k), k, "Coverage is of at least 1 sample.");
        return Math.Exp(A * Math.Pow(k, B));
    }

    /// <summary>The samples that a coverage takes, as a real number; positive infinity where the law never comes to it.</summary>
    /// <param name="coverage">0 to 1.</param>
    public double SamplesFor(double coverage)
    {
        if (coverage is not (>= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(coverage), coverage, "A coverage lies between 0 and 1.");
        if (At(1) >= coverage)
            return 1;
        return coverage == 1 || B == 0 ? double.PositiveInfinity : Math.Pow(Math.Log(coverage) / A, 1 / B);
    }

    /// <summary>Fits the law to recorded problems: at 40 numbers of samples with equal ratios between them, as the paper does.</summary>
    /// <param name="problems">Samples and right ones of each problem.</param>
    /// <param name="most">The most samples to look at, 2 to the fewest samples of any problem; what is predicted lies beyond.</param>
    public static CoverageLaw Fit(IReadOnlyCollection<(int Samples, int Correct)> problems, int most)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(most, 2);
        return Fit([.. Spaced(most).Select(k => ((double)k, Coverage.PassAt(problems, k)))]);
    }

    /// <summary>
    /// Fits the law by least squares of log C. For a given b the best a has a closed form, so that only b is searched: on a grid, then by golden
    /// section around its best point; nothing depends on a starting value.
    /// </summary>
    /// <param name="points">
    /// Coverage, 0 to 1, for numbers of samples of at least 1, two of them different. Points with coverage 0 have no logarithm and are left out; with
    /// an unbiased estimate all points are 0, or none.
    /// </param>
    /// <exception cref="ArgumentException">Fewer than two different numbers of samples, or a value out of range.</exception>
    public static CoverageLaw Fit(IReadOnlyList<(double Samples, double Coverage)> points)
    {
        ArgumentNullException.ThrowIfNull(points);
        if (points.Any(point => point is not { Samples: >= 1 and < double.PositiveInfinity, Coverage: >= 0 and <= 1 }))
            throw new ArgumentException("A point of a coverage curve has at least 1 sample and a coverage from 0 to 1.", nameof(points));
        if (points.Select(point => point.Samples).Distinct().Count() < 2)
            throw new ArgumentException("The coverage law has two parameters: it needs the coverage at two numbers of samples at least.", nameof(points));
        (double K, double LogC)[] known = [.. points.Where(point => point.Coverage > 0).Select(point => (point.Samples, Math.Log(point.Coverage)))];
        if (known.Length == 0)
            return new CoverageLaw(double.NegativeInfinity, 0);
        double b = SmallestLoss(b => Loss(known, b));
        return new CoverageLaw(BestA(known, b), b);
    }

    private static IEnumerable<int> Spaced(int most) => Enumerable.Range(0, 40).Select(i => (int)Math.Round(Math.Pow(most, i / 39.0)));

    private static double BestA((double K, double LogC)[] points, double b)
    {
        double product = 0, square = 0;
        foreach (var (k, logC) in points)
        {
            double power = Math.Pow(k, b);
            product += power * logC;
            square += power * power;
        }
        return product / square;
    }

    private static double Loss((double K, double LogC)[] points, double b)
    {
        double a = BestA(points, b);
        return points.Sum(point => Math.Pow(point.LogC - a * Math.Pow(point.K, b), 2));
    }

    private static double SmallestLoss(Func<double, double> loss)
    {
        const int grid = 160;
        const double step = -SteepestB / grid;
        double best = Enumerable.Range(0, grid + 1).Select(i => -i * step).MinBy(loss);
        return GoldenSection.Minimum(loss, Math.Max(SteepestB, best - step), Math.Min(0, best + step));
    }
}
