namespace Ponder.Reasoning.Statistics;

/// <summary>
/// The accuracy of best-of-N by a reward, computed from n recorded samples without drawing any: the mean over all C(n, N) subsets, exactly.
/// </summary>
public static class BestOfNCurve
{
    /// <summary>
    /// The chance that the best of N samples is right. Sorted by reward, the best N-subset's best is among the first j samples with the chance
    /// 1 - C(n-j, N) / C(n, N); samples with the same reward share what falls to them, as the strategy takes the first drawn of them.
    /// </summary>
    /// <param name="problem">n samples; those without a reward are chosen only when no other is there.</param>
    /// <param name="samples">N, 1 to n.</param>
    /// <exception cref="ArgumentOutOfRangeException">N is outside its range.</exception>
    public static double AccuracyAt(LabelledProblem problem, int samples)
    {
        ArgumentNullException.ThrowIfNull(problem);
        ArgumentOutOfRangeException.ThrowIfLessThan(samples, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(samples, problem.Samples.Count);
        int n = problem.Samples.Count, passed = 0;
        double accuracy = 0, noneBefore = 1;                    // the chance that none of the samples passed so far was drawn
        foreach (var alike in problem.Samples.GroupBy(sample => sample.Reward).OrderByDescending(group => group.Key ?? double.NegativeInfinity))
        {
            double none = noneBefore;
            int count = 0, right = 0;
            foreach (var sample in alike)
            {
                none *= (double)Math.Max(0, n - passed - samples) / (n - passed);
                passed++;
                count++;
                right += sample.IsCorrect ? 1 : 0;
            }
            accuracy += (noneBefore - none) * right / count;
            noneBefore = none;
        }
        return accuracy;
    }
}
