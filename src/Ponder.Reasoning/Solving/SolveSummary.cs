using Ponder.Reasoning.Statistics;

namespace Ponder.Reasoning.Solving;

/// <summary>Figures over a set of puzzles.</summary>
/// <param name="Problems">Number of puzzles.</param>
/// <param name="Accuracy">Part whose answer is right.</param>
/// <param name="PassAt">For k = 1, 2, 4 … up to the samples: the probability that one of k samples is right, by the unbiased estimator.</param>
/// <param name="MajorityAccuracy">Part whose most frequent answer is right.</param>
/// <param name="GeneratedTokens">Tokens of all samples.</param>
/// <param name="PromptTokens">Prompt tokens that were computed.</param>
/// <param name="Seconds">Wall time of the whole run.</param>
public sealed record SolveSummary(
    int Problems, double Accuracy, IReadOnlyDictionary<int, double> PassAt, double MajorityAccuracy, int GeneratedTokens, int PromptTokens,
    double Seconds)
{
    /// <summary>Sums up results.</summary>
    /// <param name="results">At least one, all with the same number of samples.</param>
    /// <param name="seconds">Wall time of the whole run.</param>
    public static SolveSummary Of(IReadOnlyList<PuzzleResult> results, double seconds)
    {
        ArgumentOutOfRangeException.ThrowIfZero(results.Count);
        (int Samples, int Correct)[] counts = [.. results.Select(r => (r.Samples.Count, r.SamplesCorrect))];
        return new SolveSummary(
            results.Count,
            results.Average(r => r.IsCorrect ? 1.0 : 0),
            Coverage.TableRows(counts.Min(c => c.Samples)).ToDictionary(k => k, k => Coverage.PassAt(counts, k)),
            results.Average(r => r.MajorityIsCorrect ? 1.0 : 0),
            results.Sum(r => r.GeneratedTokens),
            results.Sum(r => r.PromptTokens),
            seconds);
    }
}
