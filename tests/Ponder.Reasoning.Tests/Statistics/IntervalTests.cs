using Ponder.Inference.Sampling;
using Ponder.Reasoning.Statistics;

namespace Ponder.Reasoning.Tests.Statistics;

public sealed class IntervalTests
{
    [Theory]
    [InlineData(0.5, 0)]
    [InlineData(0.9, 1.2815515655446004)]
    [InlineData(0.975, 1.959963984540054)]
    [InlineData(0.995, 2.5758293035489004)]
    [InlineData(0.001, -3.090232306167813)]
    public void Normal_quantiles_are_those_of_the_tables(double share, double z) => NormalQuantile.At(share).ShouldBe(z, 1e-8);

    [Fact]
    public void Wilson_matches_a_worked_example()
    {
        // Centre (0.81 + z²/200) / (1 + z²/100) = 0.7985; reach z sqrt(0.81 * 0.19 / 100 + z²/40000) / (1 + z²/100) = 0.0764.
        var interval = BinomialInterval.Wilson(81, 100);
        interval.Estimate.ShouldBe(0.81);
        interval.Low.ShouldBe(0.7222, 1e-4);
        interval.High.ShouldBe(0.8749, 1e-4);
    }

    [Fact]
    public void Wilson_stays_in_range_and_is_never_a_point()
    {
        double z = 1.959963984540054;
        BinomialInterval.Wilson(0, 10).ShouldSatisfyAllConditions(i => i.Low.ShouldBe(0), i => i.High.ShouldBe(z * z / (10 + z * z), 1e-9));
        BinomialInterval.Wilson(10, 10).ShouldSatisfyAllConditions(i => i.High.ShouldBe(1), i => i.Low.ShouldBe(10 / (10 + z * z), 1e-9));
        Should.Throw<ArgumentOutOfRangeException>(() => BinomialInterval.Wilson(3, 2));
        Should.Throw<ArgumentOutOfRangeException>(() => BinomialInterval.Wilson(1, 2, 1));
    }

    [Fact]
    public void Wilson_ends_are_where_the_score_test_turns()
    {
        // At either end p the distance |k/n - p| is exactly z standard errors under p.
        var interval = BinomialInterval.Wilson(7, 40, 0.9);
        foreach (double p in new[] { interval.Low, interval.High })
            (Math.Abs(7 / 40.0 - p) / Math.Sqrt(p * (1 - p) / 40)).ShouldBe(1.6448536269514722, 1e-7);
    }

    [Fact]
    public void Quantiles_interpolate_between_neighbours()
    {
        Quantile.Of([4, 1, 3, 2], 0).ShouldBe(1);
        Quantile.Of([4, 1, 3, 2], 0.5).ShouldBe(2.5);
        Quantile.Of([4, 1, 3, 2], 0.9).ShouldBe(3.7, 1e-12);
        Quantile.Of([4, 1, 3, 2], 1).ShouldBe(4);
        Quantile.Of([7], 0.3).ShouldBe(7);
    }

    [Fact]
    public void A_bootstrap_has_the_width_that_theory_gives_a_mean()
    {
        double[] values = [.. Enumerable.Range(0, 400).Select(i => i % 4 == 0 ? 1.0 : 0.0)];
        var interval = Bootstrap.OfMean(values);
        interval.Estimate.ShouldBe(0.25);
        double reach = 1.96 * Math.Sqrt(0.25 * 0.75 / 400);
        interval.Low.ShouldBe(0.25 - reach, 0.006);
        interval.High.ShouldBe(0.25 + reach, 0.006);
    }

    [Fact]
    public void A_bootstrap_is_the_same_for_the_same_seed_only()
    {
        double[] values = [.. Enumerable.Range(0, 50).Select(i => CounterRandom.Uniform(9, 0, (ulong)i))];
        Bootstrap.OfMean(values, seed: 3).ShouldBe(Bootstrap.OfMean(values, seed: 3));
        Bootstrap.OfMean(values, seed: 3).ShouldNotBe(Bootstrap.OfMean(values, seed: 4));
    }

    [Fact]
    public void Resamples_without_a_figure_do_not_count()
    {
        // The figure is known only where problem 0 was drawn, and is then 1.
        var interval = Bootstrap.Of(3, draw => draw.Contains(0) ? 1 : double.NaN);
        interval.ShouldBe(new Interval(1, 1, 1));
        Bootstrap.Of(3, _ => double.NaN).Low.ShouldBe(double.NaN);
    }

    [Fact]
    public void Pairs_tell_what_accuracies_alone_do_not()
    {
        // Half of the problems are easy. The first solves 10 hard ones more, and loses none.
        double[] second = [.. Enumerable.Range(0, 100).Select(i => i < 50 ? 1.0 : 0.0)];
        double[] first = [.. Enumerable.Range(0, 100).Select(i => i < 60 ? 1.0 : 0.0)];
        var pair = PairedDifference.Of(first, second);
        pair.Difference.Estimate.ShouldBe(0.1, 1e-12);
        pair.IsClear.ShouldBeTrue();
        (pair.FirstBetter, pair.SecondBetter, pair.Problems).ShouldBe((10, 0, 100));
        Bootstrap.OfMean(first).Low.ShouldBeLessThan(Bootstrap.OfMean(second).High);    // the two intervals overlap

        PairedDifference.Of(second, second).IsClear.ShouldBeFalse();
        Should.Throw<ArgumentException>(() => PairedDifference.Of(first, [1]));
    }

    [Theory]
    [InlineData(0.1, 9)]            // ceil(10 * 0.9) = 9
    [InlineData(0.2, 8)]
    [InlineData(0.25, 8)]           // ceil(7.5)
    [InlineData(0.99, 1)]
    [InlineData(0.05, double.PositiveInfinity)]
    public void A_conformal_threshold_is_the_order_statistic(double delta, double expected) =>
        ConformalThreshold.Of([5, 1, 9, 3, 7, 2, 8, 4, 6], delta).ShouldBe(expected);

    [Fact]
    public void A_conformal_threshold_holds_for_new_cases()
    {
        // 19 calibration cases and one new one, 4,000 times: with delta 0.1 the new one stays below in 18 of 20.
        int below = 0;
        for (ulong run = 0; run < 4000; run++)
        {
            double[] scores = [.. Enumerable.Range(0, 20).Select(i => CounterRandom.Uniform(1, run, (ulong)i))];
            below += scores[19] <= ConformalThreshold.Of(scores[..19], 0.1) ? 1 : 0;
        }
        (below / 4000.0).ShouldBe(0.9, 0.02);
    }
}
