namespace Ponder.Reasoning.Statistics;

/// <summary>
/// Split conformal prediction (Papadopoulos et al., ECML 2002; Angelopoulos and Bates, arXiv 2107.07511): a threshold on scores of strangeness that
/// a new case, drawn as the calibration cases were, stays at or below with a chance of at least 1 - delta, whatever the distribution.
/// </summary>
public static class ConformalThreshold
{
    /// <summary>The ceil((n+1)(1-delta))-th smallest of n scores.</summary>
    /// <param name="scores">Scores of calibration cases: the larger, the stranger. At least one, none of them NaN.</param>
    /// <param name="delta">The chance of error that is allowed, between 0 and 1.</param>
    /// <returns>Positive infinity when there are too few scores for so small a delta: then nothing can be ruled out.</returns>
    public static double Of(IReadOnlyCollection<double> scores, double delta)
    {
        ArgumentNullException.ThrowIfNull(scores);
        ArgumentOutOfRangeException.ThrowIfZero(scores.Count);
        if (delta is not (> 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(delta), delta, "A delta lies between 0 and 1.");
        if (scores.Any(double.IsNaN))
            throw new ArgumentException("A calibration score is not a number.", nameof(scores));
        // A hair is taken off before rounding up: 10 * (1 - 0.1) is meant to be 9, and not 9.000000000000002.
        int rank = (int)Math.Ceiling((scores.Count + 1.0) * (1 - delta) - 1e-9);
        return rank > scores.Count ? double.PositiveInfinity : scores.Order().ElementAt(Math.Max(rank, 1) - 1);
    }
}
