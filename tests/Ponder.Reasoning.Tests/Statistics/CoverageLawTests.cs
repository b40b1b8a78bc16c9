using Ponder.Reasoning.Statistics;

namespace Ponder.Reasoning.Tests.Statistics;

public sealed class CoverageLawTests
{
    [Theory]
    [InlineData(-3, -0.3)]
    [InlineData(-0.1, -1.5)]
    [InlineData(-8, -0.05)]
    public void A_curve_that_follows_the_law_gives_its_parameters_back(double a, double b)
    {
        var law = new CoverageLaw(a, b);
        var fit = CoverageLaw.Fit([.. new double[] { 1, 2, 4, 8, 16 }.Select(k => (k, law.At(k)))]);
        fit.A.ShouldBe(a, 1e-6);
        fit.B.ShouldBe(b, 1e-6);
    }

    [Fact]
    public void Nothing_right_stays_nothing_and_everything_right_stays_everything()
    {
        CoverageLaw.Fit([(10, 0), (10, 0)], 10).At(1000).ShouldBe(0);
        CoverageLaw.Fit([(10, 10), (10, 10)], 10).At(1000).ShouldBe(1);
        CoverageLaw.Fit([(10, 10), (10, 0)], 10).At(1000).ShouldBe(0.5, 1e-9);      // flat: b is 0
    }

    [Fact]
    public void Points_without_a_logarithm_are_left_out() =>
        CoverageLaw.Fit([(1, 0), (2, 0.25), (4, 0.5)]).ShouldBe(CoverageLaw.Fit([(2, 0.25), (4, 0.5)]));

    [Fact]
    public void Two_points_are_met_exactly()
    {
        // log 0.25 = 2 log 0.5: doubling k halves the logarithm, so b = -1 and a = 2 log 0.25.
        var law = CoverageLaw.Fit([(2, 0.25), (4, 0.5)]);
        law.B.ShouldBe(-1, 1e-6);
        law.A.ShouldBe(2 * Math.Log(0.25), 1e-6);
        law.SamplesFor(Math.Sqrt(0.5)).ShouldBe(8, 1e-4);
        law.SamplesFor(0.01).ShouldBe(1);
        law.SamplesFor(1).ShouldBe(double.PositiveInfinity);
    }

    [Fact]
    public void Curves_that_cannot_be_fitted_are_refused()
    {
        Should.Throw<ArgumentException>(() => CoverageLaw.Fit([(1, 0.5)]));
        Should.Throw<ArgumentException>(() => CoverageLaw.Fit([(1, 0.5), (1, 0.6)]));
        Should.Throw<ArgumentException>(() => CoverageLaw.Fit([(1, 0.5), (2, 1.5)]));
        Should.Throw<ArgumentException>(() => CoverageLaw.Fit([(1, double.NaN), (2, 0.5)]));
        Should.Throw<ArgumentOutOfRangeException>(() => CoverageLaw.Fit([(4, 1)], 1));
    }
}
