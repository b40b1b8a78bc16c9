namespace Ponder.Reasoning.Statistics;

/// <summary>
/// Finds out what an imperfect reward does to best-of-N. More samples bring more right answers, but also more wrong ones that the reward likes: the
/// accuracy has a ceiling and may fall. Stroebl, Kapoor and Narayanan, arXiv 2411.17501.
/// </summary>
public static class FalsePositives
{
    /// <summary>Estimates it from recorded samples, exactly for every N.</summary>
    /// <param name="problems">Labelled problems whose samples were scored.</param>
    /// <param name="threshold">From this reward on a sample counts as accepted.</param>
    /// <param name="seed">The seed of the intervals.</param>
    /// <exception cref="ArgumentException">A problem has no samples, or none of its samples was scored.</exception>
    public static FalsePositiveEstimate Estimate(IReadOnlyList<LabelledProblem> problems, double threshold = 0.5, ulong seed = 0)
    {
        int fewest = LabelledProblem.Demand(problems);
        if (problems.FirstOrDefault(problem => problem.Samples.All(sample => sample.Reward is null)) is LabelledProblem unscored)
            throw new ArgumentException($"No sample of the problem {unscored.Id} has a reward.", nameof(problems));
        CurvePoint[] curve =
            [.. Coverage.TableRows(fewest).Select(n => CurvePoint.Of(n, problems.Select(problem => BestOfNCurve.AccuracyAt(problem, n)), seed))];
        int best = Best(curve, Enumerable.Range(0, problems.Count));
        var range = Bootstrap.Of(problems.Count, draw => Best(curve, draw), seed: seed);
        return new FalsePositiveEstimate
        {
            Curve = curve,
            Vote = VoteCurve.Majority(problems, [fewest], seed)[0],
            BestN = curve[best].Samples,
            LeastBestN = curve[(int)Math.Floor(range.Low)].Samples,
            MostBestN = curve[(int)Math.Ceiling(range.High)].Samples,
            Threshold = threshold,
            FalsePositiveRate = Rate(problems, threshold, seed),
            Gain = PairedDifference.Of(curve[^1].PerProblem, curve[0].PerProblem, seed: seed),
            Loss = PairedDifference.Of(curve[^1].PerProblem, curve[best].PerProblem, seed: seed),
        };
    }

    // Where the curve over the given problems is highest; of several the one with the fewest samples. Sums that differ in their last bits only are equal.
    private static int Best(CurvePoint[] curve, IEnumerable<int> problems)
    {
        int best = 0;
        double highest = double.NegativeInfinity;
        int[] draw = [.. problems];
        for (int i = 0; i < curve.Length; i++)
        {
            double sum = 0;
            foreach (int problem in draw)
                sum += curve[i].PerProblem[problem];
            if (sum > highest + 1e-9)
                (best, highest) = (i, sum);
        }
        return best;
    }

    private static Interval? Rate(IReadOnlyList<LabelledProblem> problems, double threshold, ulong seed)
    {
        (int Wrong, int Accepted)[] counts =
            [.. problems.Select(p => (p.Samples.Count(s => !s.IsCorrect), p.Samples.Count(s => !s.IsCorrect && s.Reward >= threshold)))];
        if (counts.All(count => count.Wrong == 0))
            return null;
        return Bootstrap.Of(
            counts.Length, draw => draw.Sum(i => counts[i].Accepted) / (double)draw.Sum(i => counts[i].Wrong), seed: seed);       // NaN where none is wrong
    }
}
