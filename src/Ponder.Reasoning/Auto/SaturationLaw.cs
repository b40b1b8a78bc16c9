using Ponder.Reasoning.Statistics;

namespace Ponder.Reasoning.Auto;

/// <summary>
/// How accuracy grows with what is spent, and where it stops: F(N) = ceiling (1 - (1 - rate)^N), the test-time scaling performance model. Wang et al.,
/// arXiv 2505.20522. N counts usual answers, as a real number: a budget over an answer's tokens.
/// </summary>
/// <param name="Ceiling">What it comes to in the end, 0 to 1.</param>
/// <param name="Rate">The part of what is missing that one more answer brings, above 0 and at most 1.</param>
public sealed record SaturationLaw(double Ceiling, double Rate)
{
    private const double LeastRate = 1e-4, MostRate = 1 - 1e-9;

    /// <summary>The accuracy of N answers' tokens.</summary>
    public double At(double answers) => Ceiling * (1 - Math.Pow(1 - Rate, answers));

    /// <summary>What the next answer adds behind N of them: ceiling * rate * (1 - rate)^N.</summary>
    public double Marginal(double answers) => Ceiling * Rate * Math.Pow(1 - Rate, answers);

    /// <summary>The answers from which on the next one adds no more than a gain: ceil(ln(gain / (ceiling rate)) / ln(1 - rate)), at least 1.</summary>
    /// <param name="gain">Above 0; a part, so that 0.01 is a point of accuracy.</param>
    public double SaturatesAt(double gain)
    {
        if (!(gain > 0))
            throw new ArgumentOutOfRangeException(nameof(gain), gain, "What an answer has to add must be above 0.");
        double first = Ceiling * Rate;
        return first <= gain || Rate >= 1 ? 1 : Math.Max(1, Math.Ceiling(Math.Log(gain / first) / Math.Log(1 - Rate)));
    }

    /// <summary>
    /// Fits the law by least squares: for a given rate the best ceiling has a closed form, so that only the rate is searched, on a grid in its logarithm
    /// and then by golden section.
    /// </summary>
    /// <param name="points">Accuracies, 0 to 1, at numbers of answers above 0; at least one.</param>
    /// <exception cref="ArgumentException">There is no point, or one is out of range.</exception>
    public static SaturationLaw Fit(IReadOnlyList<(double Answers, double Accuracy)> points)
    {
        ArgumentNullException.ThrowIfNull(points);
        if (points.Count == 0 || points.Any(point => point is not { Answers: > 0 and < double.PositiveInfinity, Accuracy: >= 0 and <= 1 }))
            throw new ArgumentException("A law of saturation is fitted to accuracies from 0 to 1 at numbers of answers above 0.", nameof(points));
        const int grid = 200;
        double low = Math.Log(LeastRate), high = Math.Log(MostRate), step = (high - low) / grid;
        double best = Enumerable.Range(0, grid + 1).Select(i => low + (i * step)).MinBy(Loss);
        double rate = Math.Exp(GoldenSection.Minimum(Loss, Math.Max(low, best - step), Math.Min(high, best + step)));
        return new SaturationLaw(BestCeiling(rate), rate);

        double Loss(double logRate)
        {
            double rate = Math.Exp(logRate), ceiling = BestCeiling(rate);
            return points.Sum(point => Math.Pow(point.Accuracy - new SaturationLaw(ceiling, rate).At(point.Answers), 2));
        }

        double BestCeiling(double rate)
        {
            var unit = new SaturationLaw(1, rate);
            double product = points.Sum(point => point.Accuracy * unit.At(point.Answers)), square = points.Sum(point => Math.Pow(unit.At(point.Answers), 2));
            return Math.Clamp(product / square, 0, 1);
        }
    }
}
