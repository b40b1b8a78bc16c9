using System.Numerics;
using System.Text.Json;
using Ponder.Reasoning.Statistics;
using Ponder.TestSupport;
using Xunit.Abstractions;

namespace Ponder.Reasoning.Tests.Recorded;

/// <summary>The game of 24: 100 puzzles with 100 recorded samples each and a label for every sample, once with and once without a chain of thought.</summary>
public sealed class Game24Tests(ITestOutputHelper output)
{
    [SharedTheory]
    [InlineData("game24_io_n100.json", 734)]
    [InlineData("game24_cot_n100.json", 403)]
    public void Coverage_is_the_exact_share_of_subsets(string file, int correct)
    {
        var counts = Counts(Read(file));
        counts.Sum(count => count.Correct).ShouldBe(correct);
        foreach (int k in new[] { 1, 2, 5, 20, 50, 100 })
        {
            // Puzzles times subsets that hold a right sample, in whole numbers, divided once.
            var covered = counts.Aggregate(BigInteger.Zero, (sum, count) => sum + Choose(100, k) - Choose(100 - count.Correct, k));
            double expected = (double)(covered * 1_000_000_000_000 / (100 * Choose(100, k))) / 1e12;
            Coverage.PassAt(counts, k).ShouldBe(expected, 1e-11, $"k {k}");
        }
        Coverage.PassAt(counts, 100).ShouldBe(counts.Count(count => count.Correct > 0) / 100.0, 1e-12);
    }

    [SharedTheory]
    [InlineData("game24_io_n100.json")]
    [InlineData("game24_cot_n100.json")]
    public void A_majority_of_three_is_the_exact_share_of_triples(string file)
    {
        // Of three the winner is an answer that comes twice or thrice; of three different ones each has a third of the chance.
        var problems = Read(file);
        foreach (var problem in problems)
        {
            var counts = problem.Samples.GroupBy(sample => sample.Answer!).Select(g => (Count: new BigInteger(g.Count()), IsRight: g.First().IsCorrect)).ToArray();
            BigInteger thirds = 0;                              // thirds of a right choice, summed over all triples
            for (int a = 0; a < counts.Length; a++)
            {
                if (counts[a].IsRight)
                    thirds += 3 * (Choose(counts[a].Count, 3) + Choose(counts[a].Count, 2) * (100 - counts[a].Count));
            }
            for (int a = 0; a < counts.Length; a++)
            {
                if (!counts[a].IsRight)
                    continue;
                BigInteger others = 100 - counts[a].Count;
                var alike = counts.Where((_, b) => b != a).Aggregate(BigInteger.Zero, (sum, b) => sum + Choose(b.Count, 2));
                thirds += counts[a].Count * (Choose(others, 2) - alike);
            }
            double expected = (double)thirds / (double)(3 * Choose(100, 3));
            VoteCurve.MajorityAt(problem, 3).ShouldBe(expected, 1e-9, problem.Id);
        }
        VoteCurve.Majority(problems, [1])[0].Accuracy.Estimate.ShouldBe(problems.Average(problem => problem.Correct / 100.0), 1e-9);
        var whole = problems.Select(problem => MajorityVote.Count(problem.Samples.Select(s => s.Answer)).ExpectedAccuracy(
            answer => problem.Samples.First(sample => sample.Answer == answer).IsCorrect));
        VoteCurve.Majority(problems, [100])[0].Accuracy.Estimate.ShouldBe(whole.Average(), 1e-9);
    }

    [SharedTheory]
    [InlineData("game24_io_n100.json")]
    [InlineData("game24_cot_n100.json")]
    public void The_law_fitted_up_to_20_samples_predicts_100_within_two_points(string file)
    {
        var counts = Counts(Read(file));
        var law = CoverageLaw.Fit(counts, 20);
        double truth = Coverage.PassAt(counts, 100);
        output.WriteLine($"{file}: a {law.A:0.000} b {law.B:0.000}; at 100 {law.At(100):0.0000}, recorded {truth:0.0000}");
        law.At(100).ShouldBe(truth, 0.02);
    }

    [SharedTheory]
    [InlineData("game24_io_n100.json")]
    [InlineData("game24_cot_n100.json")]
    public void With_only_20_samples_of_each_puzzle_the_prediction_is_rougher(string file)
    {
        // The coverage at 20 is then an estimate with an error of its own (about four points on 100 puzzles), and the prediction can be no better.
        var problems = Read(file);
        double truth = Coverage.PassAt(Counts(problems), 100);
        double[] errors = [.. Enumerable.Range(0, 5).Select(part => CoverageLaw.Fit(
            [.. problems.Select(p => (20, p.Samples.Skip(20 * part).Take(20).Count(s => s.IsCorrect)))], 20).At(100) - truth)];
        output.WriteLine($"{file}: errors of five parts of 20 samples: {string.Join(" ", errors.Select(e => $"{e:0.000}"))}");
        errors.Average(Math.Abs).ShouldBeLessThan(0.05);
    }

    [SharedTheory]
    [InlineData("game24_io_n100.json")]
    [InlineData("game24_cot_n100.json")]
    public void Coverage_and_majority_drift_apart(string file)
    {
        var problems = Read(file);
        var counts = Counts(problems);
        foreach (var point in VoteCurve.Majority(problems, [1, 4, 16, 100]))
        {
            var coverage = Bootstrap.OfMean([.. counts.Select(c => Coverage.PassAt(c.Samples, c.Correct, point.Samples))]);
            output.WriteLine($"{file}: k {point.Samples}: coverage {coverage}, majority {point.Accuracy}");
            point.Accuracy.Estimate.ShouldBeLessThanOrEqualTo(coverage.Estimate + 1e-9);
        }
    }

    private static BigInteger Choose(BigInteger n, int k)
    {
        var product = BigInteger.One;
        for (int i = 0; i < k; i++)
            product = product * (n - i) / (i + 1);
        return n < k ? 0 : product;
    }

    private static (int Samples, int Correct)[] Counts(LabelledProblem[] problems) => [.. problems.Select(p => (p.Samples.Count, p.Correct))];

    private static LabelledProblem[] Read(string file)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(SharedData.Path("data", "game24", file)));
        return [.. document.RootElement.EnumerateArray().Select(Read)];
    }

    private static LabelledProblem Read(JsonElement puzzle)
    {
        bool[] labels = puzzle.TryGetProperty("accs", out var accs)
            ? [.. accs.EnumerateArray().Select(label => label.GetBoolean())]
            : [.. puzzle.GetProperty("infos").EnumerateArray().Select(info => info.GetProperty("r").GetInt32() == 1)];
        string[] answers = [.. puzzle.GetProperty("ys").EnumerateArray().Select(text => LastLine(text.GetString()!))];
        return new LabelledProblem($"{puzzle.GetProperty("idx").GetInt32()}", [.. answers.Zip(labels, (answer, label) => new LabelledSample(answer, label))]);
    }

    private static string LastLine(string text) => text.Trim().Split('\n')[^1].Trim().ToLowerInvariant();
}
