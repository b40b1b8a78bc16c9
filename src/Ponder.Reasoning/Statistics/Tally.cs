namespace Ponder.Reasoning.Statistics;

/// <summary>Samples of a problem by answer.</summary>
/// <param name="Counts">For each answer its samples.</param>
/// <param name="Right">For each answer the share of them that are right: 0 or 1 wherever labels go by answers.</param>
/// <param name="Samples">All samples, those without an answer included.</param>
internal sealed record Tally(int[] Counts, double[] Right, int Samples)
{
    /// <summary>Sorts the samples of a problem by their answers.</summary>
    public static Tally Of(LabelledProblem problem)
    {
        var answers = problem.Samples.Where(sample => sample.Answer is not null).GroupBy(sample => sample.Answer).ToArray();
        return new Tally(
            [.. answers.Select(group => group.Count())], [.. answers.Select(group => group.Average(s => s.IsCorrect ? 1.0 : 0.0))], problem.Samples.Count);
    }
}
