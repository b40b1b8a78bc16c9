using Ponder.Inference.Sampling;
using Ponder.Reasoning.Search;

namespace Ponder.Reasoning.Tests.Search;

public sealed class ResamplingTests
{
    [Fact]
    public void Particles_are_drawn_as_often_as_their_odds_say()
    {
        double[] weights = Resampling.Weights([0.5, 0.8, 0.0, 0.2], 1);
        weights[0].ShouldBe(1 / 5.25, 1e-6);                            // odds 1, 4, 0 and 1/4
        weights[1].ShouldBe(4 / 5.25, 1e-6);
        var sums = new double[4];
        for (ulong draw = 0; draw < 10_000; draw++)
        {
            int[] counts = Resampling.Systematic(weights, 7, CounterRandom.Uniform(1, 2, draw));
            counts.Sum().ShouldBe(7);
            for (int i = 0; i < 4; i++)
            {
                Math.Abs(counts[i] - (7 * weights[i])).ShouldBeLessThan(1 + 1e-9);      // systematic: never further off than one
                sums[i] += counts[i] / 10_000.0;
            }
        }
        for (int i = 0; i < 4; i++)
            sums[i].ShouldBe(7 * weights[i], 0.02);
    }

    [Fact]
    public void Independent_draws_come_as_often_as_the_weights_say()
    {
        double[] weights = Resampling.Weights([0.5, 0.8, 0.0, 0.2], 1);
        int[] counts = Resampling.Independent(weights, 10_000, new Dice(1, 2));
        counts.Sum().ShouldBe(10_000);
        for (int i = 0; i < 4; i++)
            (counts[i] / 10_000.0).ShouldBe(weights[i], 0.015);         // three standard errors of one half
    }

    [Theory]
    [InlineData(new[] { 0.25, 0.25, 0.25, 0.25 }, 4)]
    [InlineData(new[] { 0.5, 0.25, 0.25, 0.0 }, 8 / 3.0)]              // 1 / (1/4 + 1/16 + 1/16)
    [InlineData(new[] { 0.0, 1.0 }, 1)]
    public void The_effective_size_is_the_number_of_equals_that_estimate_as_well(double[] weights, double size) =>
        Resampling.EffectiveSize(weights).ShouldBe(size, 1e-12);

    [Fact]
    public void A_high_temperature_evens_the_weights_out()
    {
        Resampling.Weights([0.5, 0.8], 2)[1].ShouldBe(2 / 3.0, 1e-9);   // the root of odds of 4
        Resampling.Weights([0, 1], 0.001)[1].ShouldBe(1, 1e-9);
    }
}
