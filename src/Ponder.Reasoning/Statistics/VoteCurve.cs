namespace Ponder.Reasoning.Statistics;

/// <summary>The accuracy of something at a number of samples.</summary>
/// <param name="Samples">How many.</param>
/// <param name="Accuracy">The mean over problems with its bootstrap interval.</param>
/// <param name="PerProblem">The expected accuracy on each problem, for paired comparisons.</param>
public sealed record CurvePoint(int Samples, Interval Accuracy, IReadOnlyList<double> PerProblem)
{
    internal static CurvePoint Of(int samples, IEnumerable<double> perProblem, ulong seed)
    {
        double[] values = [.. perProblem];
        return new CurvePoint(samples, Bootstrap.OfMean(values, seed: seed), values);
    }
}

/// <summary>
/// The accuracy of a vote among k of n recorded samples, without drawing any. A majority's is exact as long as that takes no more than a fraction of a
/// second a problem; a weighted vote's is exact where there are few subsets. Everything else is the mean over subsets drawn from a seed.
/// </summary>
public static class VoteCurve
{
    /// <summary>Subsets that are drawn where the exact value is out of reach: a problem's standard error is at most 0.016, that of 100 problems 0.0016.</summary>
    public const int Draws = 1000;

    private const double MostSteps = 1e7;

    /// <summary>The curve of the majority vote.</summary>
    /// <param name="problems">At least one.</param>
    /// <param name="samples">Numbers of samples, each from 1 to the fewest of any problem; null for the powers of two and that one.</param>
    /// <param name="seed">The seed of draws and intervals.</param>
    public static IReadOnlyList<CurvePoint> Majority(IReadOnlyList<LabelledProblem> problems, IReadOnlyList<int>? samples = null, ulong seed = 0)
    {
        int fewest = LabelledProblem.Demand(problems);
        return [.. (samples ?? Coverage.TableRows(fewest)).Select(k => CurvePoint.Of(k, problems.Select(p => MajorityAt(p, k, seed)), seed))];
    }

    /// <summary>The curve of the vote weighted by rewards.</summary>
    /// <inheritdoc cref="Majority"/>
    public static IReadOnlyList<CurvePoint> Weighted(IReadOnlyList<LabelledProblem> problems, IReadOnlyList<int>? samples = null, ulong seed = 0)
    {
        int fewest = LabelledProblem.Demand(problems);
        return [.. (samples ?? Coverage.TableRows(fewest)).Select(k => CurvePoint.Of(k, problems.Select(p => WeightedAt(p, k, seed)), seed))];
    }

    /// <summary>The expected accuracy of the majority of k samples of one problem.</summary>
    /// <param name="problem">n samples.</param>
    /// <param name="k">1 to n.</param>
    /// <param name="seed">The seed of the draws, where there are any.</param>
    public static double MajorityAt(LabelledProblem problem, int k, ulong seed = 0)
    {
        Demand(problem, k);
        var tally = Tally.Of(problem);
        return ExactMajority.Cost(tally, k) <= MostSteps ? ExactMajority.AccuracyAt(tally, k) : Mean(problem, k, _ => 1, seed);
    }

    /// <summary>The expected accuracy of k samples of one problem, each voting with its reward; those without one have no weight.</summary>
    /// <inheritdoc cref="MajorityAt"/>
    public static double WeightedAt(LabelledProblem problem, int k, ulong seed = 0)
    {
        Demand(problem, k);
        return Mean(problem, k, sample => sample.Reward ?? 0, seed);
    }

    private static void Demand(LabelledProblem problem, int k)
    {
        ArgumentNullException.ThrowIfNull(problem);
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(k, problem.Samples.Count);
    }

    private static double Mean(LabelledProblem problem, int k, Func<LabelledSample, double> weight, ulong seed)
    {
        var urn = new Urn(problem.Samples.Select(sample => (sample.Answer, sample.IsCorrect)));
        double[] weights = [.. problem.Samples.Select(weight)];
        return Subsets.Of(problem.Samples.Count, k, Draws, seed).Average(subset => urn.Accuracy(subset, weights));
    }
}
