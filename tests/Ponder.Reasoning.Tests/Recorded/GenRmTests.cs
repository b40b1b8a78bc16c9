using System.Text.Json;
using System.Text.RegularExpressions;
using Ponder.Reasoning.Statistics;
using Ponder.TestSupport;
using Xunit.Abstractions;

namespace Ponder.Reasoning.Tests.Recorded;

/// <summary>
/// 64 questions of GPQA-Diamond with 128 recorded answers of Llama-3.3-70B each, of which 64 were verified 32 times by the same model: is verification
/// worth its tokens?
/// </summary>
public sealed partial class GenRmTests(ITestOutputHelper output)
{
    [SharedFact]
    public void Ends_of_the_curves_are_what_a_plain_count_gives()
    {
        var problems = Read();

        // All 64 solutions with all 32 verifications, and all 128 votes: no draw is left, and the figures can be counted.
        double best = problems.Average(problem =>
        {
            var verified = problem.Take(64).ToArray();
            double top = verified.Max(sample => sample.Verifications.Average());
            return verified.Where(sample => sample.Verifications.Average() == top).Average(sample => sample.IsCorrect ? 1.0 : 0.0);
        });
        double weighted = problems.Average(problem => Leaders(problem.Take(64), sample => sample.Verifications.Average()));
        double votes = problems.Average(problem => Leaders(problem, _ => 1));

        GenRmCurve.At(problems, 64, 32, GenRmRule.BestOfNCurve).Accuracy.Estimate.ShouldBe(best, 1e-9);
        GenRmCurve.At(problems, 64, 32, GenRmRule.WeightedVote).Accuracy.Estimate.ShouldBe(weighted, 1e-9);
        GenRmCurve.SelfConsistency(problems, 128).Accuracy.Estimate.ShouldBe(votes, 1e-9);
        GenRmCurve.SelfConsistency(problems, 1).Accuracy.Estimate.ShouldBe(problems.Average(p => p.Count(s => s.IsCorrect) / 128.0), 1e-9);

        // Of one solution it does not matter what is said of it, as long as it has an answer.
        double one = problems.Average(problem => problem.Take(64).Count(sample => sample.IsCorrect) / 64.0);
        GenRmCurve.At(problems, 1, 4, GenRmRule.BestOfNCurve).Accuracy.Estimate.ShouldBe(one, 0.01);
        output.WriteLine($"one {one:0.000}, best of 64 {best:0.000}, weighted {weighted:0.000}, majority of 128 {votes:0.000}");
    }

    [SharedTheory]
    [InlineData(1)]
    [InlineData(2)]
    public void Curves_at_matched_budgets(double ratio)
    {
        var problems = Read();
        output.WriteLine($"ratio {ratio}: budget | majority | weighted vote, best split (S V) | best-of-N, best split (S V)");
        for (int budget = 4; budget <= 128; budget *= 2)
        {
            var majority = GenRmCurve.SelfConsistency(problems, budget);
            var weighted = GenRmCurve.AtBudget(problems, budget, ratio, GenRmRule.WeightedVote);
            var best = GenRmCurve.AtBudget(problems, budget, ratio, GenRmRule.BestOfNCurve);

            majority.Cost(ratio).ShouldBe(budget);
            foreach (var point in weighted.Concat(best))
            {
                point.Cost(ratio).ShouldBeLessThanOrEqualTo(budget);
                (point.Cost(ratio) + 1 + ratio * point.Verifications).ShouldBeGreaterThan(budget);           // not one solution more
                point.Accuracy.Estimate.ShouldBeInRange(point.Accuracy.Low, point.Accuracy.High);
            }
            weighted.Select(point => point.Verifications).ShouldBe(Enumerable.Range(0, 6).Select(i => 1 << i).Where(v => 1 + ratio * v <= budget));
            output.WriteLine($"{budget} | {majority.Accuracy} | {Show(weighted)} | {Show(best)}");
        }

        static string Show(IReadOnlyList<GenRmPoint> points)
        {
            var top = points.MaxBy(point => point.Accuracy.Estimate)!;
            return $"{top.Accuracy} ({top.Solutions} {top.Verifications})";
        }
    }

    [SharedFact]
    public void On_this_record_no_split_clearly_beats_the_votes_it_could_have_bought()
    {
        var problems = Read();
        var majority = GenRmCurve.SelfConsistency(problems, 128);
        foreach (var point in GenRmCurve.AtBudget(problems, 128, 1, GenRmRule.WeightedVote))
        {
            var gain = PairedDifference.Of(point.PerProblem, majority.PerProblem);
            output.WriteLine($"S {point.Solutions} V {point.Verifications}: {gain.Difference}");
            gain.Difference.Low.ShouldBeLessThan(0);
        }
    }

    [SharedFact]
    public void What_false_positives_do_to_best_of_n_is_told_in_one_sentence()
    {
        foreach (int verifications in new[] { 1, 32 })
        {
            var estimate = FalsePositives.Estimate([.. Read().Select((problem, i) => new LabelledProblem(
                $"{i + 1}", [.. problem.Take(64).Select(s => new LabelledSample(s.Answer, s.IsCorrect, s.Verifications.Take(verifications).Average()))]))]);
            output.WriteLine($"V {verifications}: {estimate.Text} False positives {estimate.FalsePositiveRate}; best N {estimate.LeastBestN} to {estimate.MostBestN}.");
            output.WriteLine(string.Join(" ", estimate.Curve.Select(point => $"{point.Samples}: {point.Accuracy.Estimate:0.000}")));
            estimate.Text.ShouldStartWith("Best-of-N by this reward ");
            estimate.FalsePositiveRate!.Estimate.ShouldBeGreaterThan(0.5);       // the model believes most of its own wrong answers
        }
    }

    private static double Leaders(IEnumerable<VerifiedSample> samples, Func<VerifiedSample, double> weight)
    {
        var votes = samples.Where(s => s.Answer is not null).GroupBy(s => s.Answer).Select(g => (Weight: g.Sum(weight), g.First().IsCorrect)).ToArray();
        return votes.Where(vote => vote.Weight > votes.Max(v => v.Weight) - 1e-9).Average(vote => vote.IsCorrect ? 1.0 : 0.0);
    }

    internal static VerifiedSample[][] Read()
    {
        using var document = JsonDocument.Parse(File.ReadAllText(SharedData.Path("data", "genrm", "raw.json")));
        var (truths, answers, verifications) = (document.RootElement.GetProperty("gt"), document.RootElement.GetProperty("pred_raw"), document.RootElement.GetProperty("verif"));
        return [.. Enumerable.Range(0, truths.GetArrayLength()).Select(p => Read(truths[p].GetString()!, answers[p], verifications[p]))];
    }

    private static VerifiedSample[] Read(string truth, JsonElement answers, JsonElement verifications) =>
        [.. Enumerable.Range(0, answers.GetArrayLength()).Select(s =>
        {
            string? answer = Letter().Match(answers[s].GetString()!) is { Success: true } match ? match.Groups[1].Value : null;
            double[] opinions = s >= verifications.GetArrayLength()
                ? []
                : [.. verifications[s].EnumerateArray().Where(v => v.ValueKind == JsonValueKind.Number).Select(v => v.GetDouble())];
            return new VerifiedSample(answer, answer == truth, opinions);
        })];

    // The record has answers as they were read out of the texts: "A", but also "A.**" and "ThefinalanswerisA".
    [GeneratedRegex(@"^(?:FinalAnswer:)?(?:Thefinalansweris)?([A-D])(?:[.)*].*)?$")]
    private static partial Regex Letter();
}
