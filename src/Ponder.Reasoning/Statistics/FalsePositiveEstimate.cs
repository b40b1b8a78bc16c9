using System.Globalization;

namespace Ponder.Reasoning.Statistics;

/// <summary>What best-of-N by an imperfect reward comes to on labelled problems.</summary>
public sealed record FalsePositiveEstimate
{
    /// <summary>The accuracy of best-of-N for N of 1, 2, 4 … and the most samples that all problems have.</summary>
    public required IReadOnlyList<CurvePoint> Curve { get; init; }

    /// <summary>The accuracy of the majority vote at the most samples, for comparison: it does without the reward.</summary>
    public required CurvePoint Vote { get; init; }

    /// <summary>The N of the curve with the highest accuracy.</summary>
    public required int BestN { get; init; }

    /// <summary>Lower end of the 95 % interval of the best N.</summary>
    public required int LeastBestN { get; init; }

    /// <summary>Upper end of it.</summary>
    public required int MostBestN { get; init; }

    /// <summary>From this reward on a sample counts as accepted.</summary>
    public required double Threshold { get; init; }

    /// <summary>The share of wrong samples that are accepted, with its interval; null when no sample is wrong.</summary>
    public required Interval? FalsePositiveRate { get; init; }

    /// <summary>The accuracy at the largest N less that at N = 1.</summary>
    public required PairedDifference Gain { get; init; }

    /// <summary>The accuracy at the largest N less that at the best N.</summary>
    public required PairedDifference Loss { get; init; }

    /// <summary>Whether the accuracy clearly falls once N grows beyond the best.</summary>
    public bool Falls => Loss is { IsClear: true, Difference.Estimate: < 0 };

    /// <summary>Whether the accuracy is clearly higher at the largest N than at N = 1.</summary>
    public bool Rises => Gain is { IsClear: true, Difference.Estimate: > 0 };

    /// <summary>What follows from it, in one sentence.</summary>
    public string Text
    {
        get
        {
            var (first, best, last) = (Curve[0], Curve.First(point => point.Samples == BestN), Curve[^1]);
            if (Curve.Count == 1)
                return "With one sample a problem nothing can be said about best-of-N by this reward.";
            if (Falls && BestN == 1)
                return $"Best-of-N by this reward falls from {At(first)} to {At(last)}: use N=1{OrVote(best)}.";
            if (Falls)
                return $"Best-of-N by this reward goes from {At(first)} over {At(best)} down to {At(last)}: use N={BestN}{OrVote(best)}.";
            if (Rises)
                return $"Best-of-N by this reward rises from {At(first)} to {At(last)}: use N={BestN}{OrVote(best)}.";
            return $"Best-of-N by this reward goes from {At(first)} to {At(last)}, no clear change on {Problems}: use N=1{OrVote(best)}.";
        }
    }

    private string Problems => Vote.PerProblem.Count == 1 ? "one problem" : FormattableString.Invariant($"{Vote.PerProblem.Count} problems");

    private static string At(CurvePoint point) => string.Create(CultureInfo.InvariantCulture, $"{point.Accuracy.Estimate:0.00} at N={point.Samples}");

    // A vote is recommended where it is clearly better than the best that the reward can do.
    private string OrVote(CurvePoint best) =>
        PairedDifference.Of(Vote.PerProblem, best.PerProblem) is { IsClear: true, Difference.Estimate: > 0 } ? $", or a vote ({At(Vote)})" : "";
}
