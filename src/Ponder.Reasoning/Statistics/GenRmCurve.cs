using Ponder.Inference.Sampling;

namespace Ponder.Reasoning.Statistics;

/// <summary>A solution with what a generative verifier said of it, time and again.</summary>
/// <param name="Answer">Its answer, spelt alike for all that mean the same; null for none.</param>
/// <param name="IsCorrect">Whether it is right.</param>
/// <param name="Verifications">For each verification the chance of being right that it came to, 0 to 1; empty where it was not verified.</param>
public sealed record VerifiedSample(string? Answer, bool IsCorrect, IReadOnlyList<double> Verifications);

/// <summary>How verified solutions become one answer.</summary>
public enum GenRmRule
{
    /// <summary>The solution with the highest mean verification.</summary>
    BestOfNCurve,

    /// <summary>The answer whose solutions have the greatest sum of mean verifications.</summary>
    WeightedVote,
}

/// <summary>The accuracy at one split of a budget.</summary>
/// <param name="Solutions">S.</param>
/// <param name="Verifications">V of each solution; 0 is self-consistency.</param>
/// <param name="Accuracy">The mean over problems with its bootstrap interval.</param>
/// <param name="PerProblem">The expected accuracy on each problem.</param>
public sealed record GenRmPoint(int Solutions, int Verifications, Interval Accuracy, IReadOnlyList<double> PerProblem)
{
    /// <summary>What it costs, in solutions: S (1 + λ V).</summary>
    /// <param name="ratio">λ, the tokens of a verification over those of a solution.</param>
    public double Cost(double ratio) => Solutions * (1 + ratio * Verifications);
}

/// <summary>
/// Self-consistency against a generative verifier at the same budget, from recorded solutions and verifications. Verification costs tokens that could
/// have gone into more solutions, and has to be worth it. Zhang et al., arXiv 2408.15240 (GenRM); Singhi et al., arXiv 2504.01005 (the comparison).
/// </summary>
public static class GenRmCurve
{
    /// <summary>Subsets of solutions and verifications that are drawn for a problem: the standard error over 64 problems is below 0.005.</summary>
    public const int Draws = 200;

    /// <summary>The accuracy of self-consistency, exact.</summary>
    /// <param name="problems">The recorded solutions of each problem.</param>
    /// <param name="solutions">S, 1 to the fewest of any problem.</param>
    /// <param name="seed">The seed of the interval.</param>
    public static GenRmPoint SelfConsistency(IReadOnlyList<IReadOnlyList<VerifiedSample>> problems, int solutions, ulong seed = 0)
    {
        ArgumentNullException.ThrowIfNull(problems);
        LabelledProblem[] votes =
            [.. problems.Select((problem, i) => new LabelledProblem($"{i + 1}", [.. problem.Select(s => new LabelledSample(s.Answer, s.IsCorrect))]))];
        var point = VoteCurve.Majority(votes, [solutions], seed)[0];
        return new GenRmPoint(solutions, 0, point.Accuracy, point.PerProblem);
    }

    /// <summary>The accuracy of S solutions with V verifications each: the mean over subsets of both, drawn from a seed.</summary>
    /// <param name="problems">The recorded solutions of each problem; those that were not verified are left out.</param>
    /// <param name="solutions">S, 1 to the fewest verified ones of any problem.</param>
    /// <param name="verifications">V, at least 1; of a solution with fewer all are taken.</param>
    /// <param name="rule">How they become one answer.</param>
    /// <param name="seed">The seed of draws and interval.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer solutions.</exception>
    public static GenRmPoint At(
        IReadOnlyList<IReadOnlyList<VerifiedSample>> problems, int solutions, int verifications, GenRmRule rule, ulong seed = 0)
    {
        ArgumentNullException.ThrowIfNull(problems);
        ArgumentOutOfRangeException.ThrowIfLessThan(solutions, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(verifications, 1);
        double[] perProblem = [.. problems.Select((problem, i) => Accuracy(problem, solutions, verifications, rule, CounterRandom.Bits(seed, (ulong)i, 0)))];
        return new GenRmPoint(solutions, verifications, Bootstrap.OfMean(perProblem, seed: seed), perProblem);
    }

    /// <summary>All splits of a budget with V of 1, 2, 4 … and the most solutions that it pays for.</summary>
    /// <param name="problems">The recorded solutions of each problem.</param>
    /// <param name="budget">In solutions, at least 1.</param>
    /// <param name="ratio">λ, the tokens of a verification over those of a solution; above 0.</param>
    /// <param name="rule">How they become one answer.</param>
    /// <param name="seed">The seed of draws and intervals.</param>
    /// <returns>Splits that the record holds: with no more solutions and verifications than there are. Empty when the budget pays for no verification.</returns>
    public static IReadOnlyList<GenRmPoint> AtBudget(
        IReadOnlyList<IReadOnlyList<VerifiedSample>> problems, double budget, double ratio, GenRmRule rule, ulong seed = 0)
    {
        ArgumentNullException.ThrowIfNull(problems);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(ratio);
        int verified = problems.Min(problem => problem.Count(sample => sample.Verifications.Count > 0));
        int most = problems.Max(problem => problem.Max(sample => sample.Verifications.Count));
        var points = new List<GenRmPoint>();
        for (int v = 1; v <= most; v *= 2)
        {
            int s = (int)(budget / (1 + ratio * v));
            if (s >= 1 && s <= verified)
                points.Add(At(problems, s, v, rule, seed));
        }
        return points;
    }

    private static double Accuracy(IReadOnlyList<VerifiedSample> problem, int solutions, int verifications, GenRmRule rule, ulong seed)
    {
        VerifiedSample[] verified = [.. problem.Where(sample => sample.Verifications.Count > 0)];
        ArgumentOutOfRangeException.ThrowIfGreaterThan(solutions, verified.Length);
        // With all solutions and all verifications there is only one way to draw them.
        bool isWhole = solutions == verified.Length && verified.All(sample => sample.Verifications.Count <= verifications);
        var urn = new Urn(verified.Select(sample => (sample.Answer, sample.IsCorrect)));
        var score = new double[verified.Length];
        double sum = 0;
        int draws = 0;
        ulong counter = 0;
        foreach (int[] subset in isWhole ? [[.. Enumerable.Range(0, solutions)]] : Subsets.Drawn(verified.Length, solutions, Draws, seed))
        {
            foreach (int i in subset)
                score[i] = Mean(verified[i].Verifications, verifications, seed, ref counter);
            sum += rule == GenRmRule.BestOfNCurve ? BestAccuracy(verified, subset, score) : urn.Accuracy(subset, score);
            draws++;
        }
        return sum / draws;
    }

    // The share of right ones among those with the highest score.
    private static double BestAccuracy(VerifiedSample[] samples, int[] subset, double[] score)
    {
        double most = subset.Max(i => score[i]);
        return subset.Where(i => score[i] == most).Average(i => samples[i].IsCorrect ? 1.0 : 0.0);
    }

    // The mean of some verifications, drawn without putting back.
    private static double Mean(IReadOnlyList<double> all, int count, ulong seed, ref ulong counter)
    {
        if (count >= all.Count)
            return all.Average();
        // Goes through all and takes each with the chance that is left to it (Knuth's algorithm S).
        double sum = 0;
        int taken = 0;
        for (int i = 0; taken < count; i++)
        {
            if (CounterRandom.Uniform(seed, ulong.MaxValue, counter++) * (all.Count - i) < count - taken)
            {
                sum += all[i];
                taken++;
            }
        }
        return sum / count;
    }
}
