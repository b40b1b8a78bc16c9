using Ponder.Reasoning.Budgets;
using Ponder.Reasoning.Statistics;

namespace Ponder.Cli.Solving;

/// <summary>Figures over a set of problems.</summary>
internal sealed record Totals
{
    /// <summary>Labelled problems below which nothing is said about a reward.</summary>
    public const int FewestLabelled = 20;

    /// <summary>Number of problems.</summary>
    public required int Problems { get; init; }

    /// <summary>Problems whose truth is known.</summary>
    public required int Graded { get; init; }

    /// <summary>Part of those whose answer is right; null when there are none.</summary>
    public required double? Accuracy { get; init; }

    /// <summary>Its standard error; null for fewer than two, which say nothing about the spread.</summary>
    public double? StandardError => Accuracy is double accuracy && Graded > 1 ? Reasoning.Statistics.StandardError.OfProportion(accuracy, Graded) : null;

    /// <summary>
    /// For k = 1, 2, 4 … up to the samples: the probability that one of k samples is right, by the unbiased estimator. Empty where the strategy did
    /// not draw the same number of whole, independent samples of every problem.
    /// </summary>
    public required IReadOnlyDictionary<int, double> PassAt { get; init; }

    /// <summary>Part of the problems whose most frequent answer is right; null as <see cref="PassAt"/> is empty.</summary>
    public required double? MajorityAccuracy { get; init; }

    /// <summary>What the recorded rewards are worth for best-of-N; null where the problems are not labelled, or fewer than <see cref="FewestLabelled"/>.</summary>
    public FalsePositiveEstimate? Reward { get; init; }

    /// <summary>What all problems took: sums of counts, means of averages, the highest peak.</summary>
    public required Ledger Sum { get; init; }

    /// <summary>Wall time of the whole run, in seconds.</summary>
    public required double Seconds { get; init; }

    /// <summary>Sums up problems.</summary>
    /// <param name="digests">At least one.</param>
    /// <param name="seconds">Wall time of the whole run.</param>
    /// <param name="seed">The seed of intervals.</param>
    public static Totals Of(IReadOnlyList<Digest> digests, double seconds, ulong seed = 0)
    {
        ArgumentOutOfRangeException.ThrowIfZero(digests.Count);
        bool[] verdicts = [.. digests.Select(digest => digest.IsCorrect).OfType<bool>()];
        bool independent = verdicts.Length == digests.Count && digests.All(digest => digest.AreIndependent);
        LabelledProblem[] labelled = [.. digests.Select(digest => digest.Labelled).OfType<LabelledProblem>()];
        (int, int)[] counts = [.. digests.Select(digest => (digest.Samples, digest.SamplesCorrect))];
        return new Totals
        {
            Problems = digests.Count,
            Graded = verdicts.Length,
            Accuracy = verdicts.Length > 0 ? verdicts.Average(correct => correct ? 1.0 : 0) : null,
            PassAt = independent
                ? Coverage.TableRows(digests.Min(digest => digest.Samples)).ToDictionary(k => k, k => Coverage.PassAt(counts, k))
                : new Dictionary<int, double>(),
            MajorityAccuracy = independent ? digests.Average(digest => digest.MajorityIsCorrect == true ? 1.0 : 0) : null,
            Reward = labelled.Length == digests.Count && labelled.Length >= FewestLabelled ? FalsePositives.Estimate(labelled, seed: seed) : null,
            Sum = Add([.. digests.Select(digest => digest.Ledger)]),
            Seconds = seconds,
        };
    }

    private static Ledger Add(Ledger[] ledgers) => new()
    {
        GeneratedTokens = ledgers.Sum(ledger => ledger.GeneratedTokens),
        PromptTokens = ledgers.Sum(ledger => ledger.PromptTokens),
        SharedTokens = ledgers.Sum(ledger => ledger.SharedTokens),
        RecomputedTokens = ledgers.Sum(ledger => ledger.RecomputedTokens),
        RewardTokens = ledgers.Sum(ledger => ledger.RewardTokens),
        SequentialTokens = ledgers.Sum(ledger => ledger.SequentialTokens),
        Samples = ledgers.Sum(ledger => ledger.Samples),
        Verified = ledgers.Sum(ledger => ledger.Verified),
        AverageKvTokens = ledgers.Average(ledger => ledger.AverageKvTokens),
        PeakKvTokens = ledgers.Max(ledger => ledger.PeakKvTokens),
        Flops = ledgers.Sum(ledger => ledger.Flops),
        Bytes = ledgers.Sum(ledger => ledger.Bytes),
        Time = ledgers.Aggregate(TimeSpan.Zero, (time, ledger) => time + ledger.Time),
    };
}
