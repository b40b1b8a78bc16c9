using Ponder.Reasoning.Auto;

namespace Ponder.Reasoning.Tests.Auto;

public sealed class SaturationLawTests
{
    [Theory]
    [InlineData(0.8, 0.3)]
    [InlineData(0.45, 0.75)]
    [InlineData(0.95, 0.01)]
    public void A_fit_finds_the_law_that_points_come_from(double ceiling, double rate)
    {
        var law = new SaturationLaw(ceiling, rate);
        var fitted = SaturationLaw.Fit([.. new[] { 1, 2, 4, 8, 16, 64 }.Select(n => ((double)n, law.At(n)))]);
        fitted.Ceiling.ShouldBe(ceiling, 1e-4);
        fitted.Rate.ShouldBe(rate, 1e-4);
    }

    [Fact]
    public void An_accuracy_that_never_grows_is_a_ceiling()
    {
        var law = SaturationLaw.Fit([(1, 0.4), (10, 0.4)]);
        law.At(1).ShouldBe(0.4, 1e-6);
        law.At(100).ShouldBe(0.4, 1e-6);
        law.SaturatesAt(0.001).ShouldBeLessThanOrEqualTo(2);
    }

    [Fact]
    public void It_saturates_where_the_next_answer_adds_no_more_than_the_gain()
    {
        var law = new SaturationLaw(0.8, 0.5);
        law.At(2).ShouldBe(0.6, 1e-12);                         // 0.8 (1 - 1/4)
        law.Marginal(2).ShouldBe(0.1, 1e-12);                   // 0.8 * 0.5 / 4 = F(3) - F(2)
        law.SaturatesAt(0.01).ShouldBe(6);                      // ln(0.01 / 0.4) / ln(0.5) = 5.32
        law.Marginal(6).ShouldBeLessThanOrEqualTo(0.01);
        law.Marginal(5).ShouldBeGreaterThan(0.01);
        law.SaturatesAt(0.5).ShouldBe(1);                       // not even the first adds so much
        new SaturationLaw(0, 0.5).SaturatesAt(0.01).ShouldBe(1);
        new SaturationLaw(0.7, 1).SaturatesAt(0.01).ShouldBe(1);
    }

    [Fact]
    public void Points_out_of_range_are_refused()
    {
        Should.Throw<ArgumentException>(() => SaturationLaw.Fit([]));
        Should.Throw<ArgumentException>(() => SaturationLaw.Fit([(0, 0.5)]));
        Should.Throw<ArgumentException>(() => SaturationLaw.Fit([(1, double.NaN)]));
        Should.Throw<ArgumentOutOfRangeException>(() => new SaturationLaw(1, 0.5).SaturatesAt(0));
    }
}
