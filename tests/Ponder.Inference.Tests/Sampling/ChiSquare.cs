namespace Ponder.Inference.Tests.Sampling;

/// <summary>Pearson's test of counts against a distribution.</summary>
internal static class ChiSquare
{
    /// <summary>Fails where one in 100,000 right samplers would, and where something is drawn that cannot be.</summary>
    public static void ShouldFit(int[] counts, double[] exact, string name)
    {
        int draws = counts.Sum(), cells = 0;
        double chiSquare = 0;
        for (int i = 0; i < exact.Length; i++)
        {
            double expected = exact[i] * draws;
            if (exact[i] == 0)
                counts[i].ShouldBe(0, $"{name}: token {i} cannot be drawn");
            if (expected < 1)
                continue;
            chiSquare += (counts[i] - expected) * (counts[i] - expected) / expected;
            cells++;
        }
        // Wilson and Hilferty's approximation of the quantile at 4.26 standard deviations, 1 in 100,000.
        int freedom = Math.Max(1, cells - 1);
        double bar = freedom * Math.Pow(1 - 2.0 / (9 * freedom) + 4.26 * Math.Sqrt(2.0 / (9 * freedom)), 3);
        chiSquare.ShouldBeLessThan(bar, name);
    }
}
