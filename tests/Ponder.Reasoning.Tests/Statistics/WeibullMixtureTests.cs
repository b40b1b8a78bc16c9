using Ponder.Inference.Sampling;
using Ponder.Reasoning.Statistics;

namespace Ponder.Reasoning.Tests.Statistics;

public sealed class WeibullMixtureTests
{
    [Fact]
    public void Means_and_densities_are_those_of_known_cases()
    {
        new Weibull(1, 3).Mean.ShouldBe(3, 1e-12);                               // the exponential distribution
        new Weibull(2, 1).Mean.ShouldBe(Math.Sqrt(Math.PI) / 2, 1e-12);          // Rayleigh's: Γ(3/2)
        new Weibull(0.5, 1).Mean.ShouldBe(2, 1e-12);                             // Γ(3)
        Math.Exp(new Weibull(1, 2).LogDensity(3)).ShouldBe(Math.Exp(-1.5) / 2, 1e-12);
        Math.Exp(new Weibull(2, 1).LogDensity(0.5)).ShouldBe(Math.Exp(-0.25), 1e-12);
    }

    [Fact]
    public void The_most_likely_weibull_has_no_slope()
    {
        double[] x = [0.2, 0.5, 0.9, 0.4], weights = [1, 2, 0.5, 0];
        var fit = Weibull.Fit(x, weights);
        double Likelihood(Weibull w) => x.Zip(weights, (value, weight) => weight * w.LogDensity(value)).Sum();
        foreach (var (shape, scale) in new[] { (1.001, 1.0), (0.999, 1), (1, 1.001), (1, 0.999) })
            Likelihood(new Weibull(fit.Shape * shape, fit.Scale * scale)).ShouldBeLessThan(Likelihood(fit));
        // For a given shape the scale has a closed form.
        double mean = x.Zip(weights, (value, weight) => weight * Math.Pow(value, fit.Shape)).Sum() / 3.5;
        fit.Scale.ShouldBe(Math.Pow(mean, 1 / fit.Shape), 1e-9);
    }

    [Fact]
    public void Two_components_are_found_again()
    {
        var truth = new WeibullMixture(0.6, new Weibull(4, 0.3), new Weibull(12, 0.8));
        double[] values = [.. Enumerable.Range(0, 4000).Select(i => Draw(truth, (ulong)i))];

        var fit = WeibullMixture.Fit(values);

        fit.Good.Scale.ShouldBe(0.8, 0.01);
        fit.Good.Shape.ShouldBe(12, 0.8);
        fit.Bad.Scale.ShouldBe(0.3, 0.01);
        fit.Bad.Shape.ShouldBe(4, 0.3);
        (fit.Good == fit.First ? fit.Weight : 1 - fit.Weight).ShouldBe(0.4, 0.02);
        fit.LogLikelihood(values).ShouldBeGreaterThan(truth.LogLikelihood(values));
        fit.GoodPosterior(0.8).ShouldBeGreaterThan(0.99);
        fit.GoodPosterior(0.3).ShouldBeLessThan(0.01);
    }

    [Fact]
    public void A_posterior_is_bayes_rule()
    {
        var mixture = new WeibullMixture(0.25, new Weibull(1, 1), new Weibull(1, 2));
        // At x = 2: 0.25 exp(-2) against 0.75 exp(-1) / 2; the second has the larger mean.
        double bad = 0.25 * Math.Exp(-2), good = 0.375 * Math.Exp(-1);
        mixture.GoodPosterior(2).ShouldBe(good / (good + bad), 1e-12);
    }

    [Fact]
    public void Extreme_values_give_a_mixture_all_the_same()
    {
        foreach (double[] values in new double[][] { [0.5, 0.5], [0, 1], [0, 0, 0, 0], [1, 1, 1, 1, 1e-300], [0.3, 0.3, 0.3, 0.9, 0.9], [1e-9, 1e9] })
        {
            var fit = WeibullMixture.Fit(values);
            fit.Weight.ShouldBeInRange(0.2, 0.8);
            fit.LogLikelihood(values).ShouldSatisfyAllConditions(l => double.IsNaN(l).ShouldBeFalse(), l => double.IsInfinity(l).ShouldBeFalse());
            foreach (double value in values)
                fit.GoodPosterior(value).ShouldBeInRange(0, 1);
        }
        Should.Throw<ArgumentException>(() => WeibullMixture.Fit([0.5]));
        Should.Throw<ArgumentException>(() => WeibullMixture.Fit([0.5, double.NaN]));
        Should.Throw<ArgumentException>(() => WeibullMixture.Fit([0.5, -1]));
    }

    // By the inverse of the distribution: λ (-log(1 - u))^(1/k).
    private static double Draw(WeibullMixture mixture, ulong i)
    {
        var component = CounterRandom.Uniform(1, 0, i) < mixture.Weight ? mixture.First : mixture.Second;
        return component.Scale * Math.Pow(-Math.Log(1 - CounterRandom.Uniform(1, 1, i)), 1 / component.Shape);
    }
}
