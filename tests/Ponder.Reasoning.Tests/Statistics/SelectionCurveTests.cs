using Ponder.Inference.Sampling;
using Ponder.Reasoning.Statistics;

namespace Ponder.Reasoning.Tests.Statistics;

public sealed class SelectionCurveTests
{
    [Fact]
    public void Best_of_n_is_its_mean_over_all_subsets()
    {
        for (ulong trial = 0; trial < 30; trial++)
        {
            var problem = Random(trial, 7);
            for (int k = 1; k <= 7; k++)
            {
                double expected = MeanOverSubsets(problem, k, subset =>
                {
                    double? most = subset.Max(sample => sample.Reward);
                    return subset.Where(sample => sample.Reward == most).Average(Right);         // all null: all alike
                });
                BestOfNCurve.AccuracyAt(problem, k).ShouldBe(expected, 1e-12, $"trial {trial} k {k}");
            }
        }
    }

    [Fact]
    public void Best_of_n_matches_a_worked_example()
    {
        // Wrong .9, right .8, wrong .1. Pairs: (.9 .8) wrong, (.9 .1) wrong, (.8 .1) right.
        var problem = new LabelledProblem("1", [new("a", true, 0.8), new("b", false, 0.9), new("b", false, 0.1)]);
        BestOfNCurve.AccuracyAt(problem, 1).ShouldBe(1 / 3.0, 1e-12);
        BestOfNCurve.AccuracyAt(problem, 2).ShouldBe(1 / 3.0, 1e-12);
        BestOfNCurve.AccuracyAt(problem, 3).ShouldBe(0, 1e-12);
        Should.Throw<ArgumentOutOfRangeException>(() => BestOfNCurve.AccuracyAt(problem, 4));
    }

    [Fact]
    public void A_majority_is_its_mean_over_all_subsets()
    {
        for (ulong trial = 0; trial < 30; trial++)
        {
            var problem = Random(trial, 8);
            for (int k = 1; k <= 8; k++)
            {
                double expected = MeanOverSubsets(problem, k, subset => Vote(subset, _ => 1));
                VoteCurve.MajorityAt(problem, k).ShouldBe(expected, 1e-9, $"trial {trial} k {k}");
            }
        }
    }

    [Fact]
    public void A_weighted_vote_over_few_samples_is_its_mean_over_all_subsets()
    {
        for (ulong trial = 0; trial < 20; trial++)
        {
            var problem = Random(trial, 7);
            for (int k = 1; k <= 7; k++)
            {
                double expected = MeanOverSubsets(problem, k, subset => Vote(subset, sample => sample.Reward ?? 0));
                VoteCurve.WeightedAt(problem, k).ShouldBe(expected, 1e-9, $"trial {trial} k {k}");
            }
        }
    }

    [Fact]
    public void Drawn_subsets_come_close_to_the_exact_majority_and_follow_the_seed()
    {
        // Equal rewards: the weighted vote, of 40 samples drawn, is the majority, which is exact.
        var samples = Enumerable.Range(0, 40).Select(i => new LabelledSample($"{i * i % 7}", i * i % 7 == 2, 1));
        var problem = new LabelledProblem("1", [.. samples]);
        VoteCurve.WeightedAt(problem, 12, 5).ShouldBe(VoteCurve.MajorityAt(problem, 12), 0.05);
        VoteCurve.WeightedAt(problem, 12, 5).ShouldBe(VoteCurve.WeightedAt(problem, 12, 5));
        VoteCurve.WeightedAt(problem, 12, 5).ShouldNotBe(VoteCurve.WeightedAt(problem, 12, 6));
    }

    [Fact]
    public void A_vote_among_very_many_samples_takes_no_long_time()
    {
        var samples = Enumerable.Range(0, 3000).Select(i => new LabelledSample($"{i % 3}", i % 3 == 0));
        var problem = new LabelledProblem("1", [.. samples]);
        VoteCurve.MajorityAt(problem, 2000).ShouldBe(1 / 3.0, 0.05);
    }

    [Fact]
    public void Curves_stand_at_powers_of_two_and_at_the_fewest_samples()
    {
        var curve = VoteCurve.Majority([Random(1, 6), Random(2, 9)]);
        curve.Select(point => point.Samples).ShouldBe([1, 2, 4, 6]);
        curve[0].PerProblem.Count.ShouldBe(2);
        curve[0].Accuracy.Estimate.ShouldBe(curve[0].PerProblem.Average(), 1e-12);
        Should.Throw<ArgumentException>(() => VoteCurve.Majority([]));
        Should.Throw<ArgumentException>(() => VoteCurve.Weighted([new LabelledProblem("7", [])])).Message.ShouldContain("7");
    }

    [Fact]
    public void Subsets_are_all_of_them_once_or_without_repetition()
    {
        Subsets.Of(5, 3, 10, 0).Select(subset => string.Concat(subset)).ShouldBe(
            ["012", "013", "014", "023", "024", "034", "123", "124", "134", "234"]);
        var drawn = Subsets.Of(5, 3, 9, 0).Select(subset => subset.Distinct().Count()).ToArray();
        drawn.Length.ShouldBe(9);
        drawn.ShouldAllBe(count => count == 3);
    }

    private static double Right(LabelledSample sample) => sample.IsCorrect ? 1 : 0;

    // Three answers of which the first is right, or none; rewards in steps, so that there are ties, or none.
    private static LabelledProblem Random(ulong seed, int count)
    {
        int Draw(int i, int column, int below) => (int)(CounterRandom.Uniform(seed, (ulong)column, (ulong)i) * below);
        return new LabelledProblem("1", [.. Enumerable.Range(0, count).Select(i => (i, Answer: Draw(i, 0, 4))).Select(
            s => new LabelledSample(s.Answer == 3 ? null : $"{s.Answer}", s.Answer == 0, Draw(s.i, 1, 6) is > 0 and int reward ? reward / 4.0 : null))]);
    }

    private static double MeanOverSubsets(LabelledProblem problem, int k, Func<LabelledSample[], double> accuracy)
    {
        var accuracies = new List<double>();
        for (uint mask = 0; mask < 1u << problem.Samples.Count; mask++)
        {
            LabelledSample[] subset = [.. problem.Samples.Where((_, i) => (mask >> i & 1) == 1)];
            if (subset.Length == k)
                accuracies.Add(accuracy(subset));
        }
        return accuracies.Average();
    }

    private static double Vote(LabelledSample[] subset, Func<LabelledSample, double> weight)
    {
        var votes = subset.Where(s => s.Answer is not null).GroupBy(s => s.Answer).Select(g => (Weight: g.Sum(weight), Right: Right(g.First()))).ToArray();
        return votes.Length == 0 ? 0 : votes.Where(vote => Math.Abs(vote.Weight - votes.Max(v => v.Weight)) < 1e-9).Average(vote => vote.Right);
    }
}
