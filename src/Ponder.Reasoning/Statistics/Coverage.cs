namespace Ponder.Reasoning.Statistics;

/// <summary>
/// Coverage, pass@k: the chance that at least one of k samples is right, by the unbiased estimator of Chen et al. (arXiv 2107.03374):
/// with c right ones among n samples it is 1 - C(n-c, k) / C(n, k).
/// </summary>
public static class Coverage
{
    /// <summary>The estimate for one problem.</summary>
    /// <param name="samples">n, the samples drawn.</param>
    /// <param name="correct">c, how many of them are right, 0 to n.</param>
    /// <param name="k">1 to n.</param>
    /// <exception cref="ArgumentOutOfRangeException">A count is outside its range.</exception>
    public static double PassAt(int samples, int correct, int k)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(samples, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(correct);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(correct, samples);
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(k, samples);
        if (k > samples - correct)
            return 1;
        // C(n-c, k) / C(n, k) as a product of c factors below 1: no factorial, nothing to overflow.
        double allWrong = 1;
        for (int i = samples - correct + 1; i <= samples; i++)
            allWrong *= 1 - (double)k / i;
        return 1 - allWrong;
    }

    /// <summary>The estimate averaged over problems.</summary>
    /// <param name="problems">Samples and right ones of each problem.</param>
    /// <param name="k">1 to the fewest samples of any problem.</param>
    /// <exception cref="ArgumentException">There are no problems.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A count is outside its range.</exception>
    public static double PassAt(IReadOnlyCollection<(int Samples, int Correct)> problems, int k)
    {
        ArgumentNullException.ThrowIfNull(problems);
        if (problems.Count == 0)
            throw new ArgumentException("Coverage needs at least one problem.", nameof(problems));
        return problems.Average(problem => PassAt(problem.Samples, problem.Correct, k));
    }

    /// <summary>The k that tables show for n samples: 1, 2, 4 and so on, and n itself.</summary>
    /// <param name="samples">n, at least 1.</param>
    public static IReadOnlyList<int> TableRows(int samples)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(samples, 1);
        var rows = new List<int>();
        for (long k = 1; k < samples; k *= 2)
            rows.Add((int)k);
        rows.Add(samples);
        return rows;
    }
}
