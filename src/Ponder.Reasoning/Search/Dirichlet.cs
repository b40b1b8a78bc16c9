namespace Ponder.Reasoning.Search;

/// <summary>Draws from the symmetric Dirichlet distribution: random parts of 1, the more uneven the smaller alpha is.</summary>
internal static class Dirichlet
{
    /// <summary>Draws parts.</summary>
    /// <param name="count">How many, at least 1.</param>
    /// <param name="alpha">Above 0.</param>
    /// <param name="dice">The draws.</param>
    /// <returns>Not negative, with the sum 1.</returns>
    public static double[] Draw(int count, double alpha, Dice dice)
    {
        double[] parts = [.. Enumerable.Range(0, count).Select(_ => Gamma(alpha, dice))];
        double sum = parts.Sum();
        return [.. parts.Select(part => sum > 0 ? part / sum : 1.0 / count)];        // a tiny alpha may leave nothing of any
    }

    /// <summary>A draw from the gamma distribution of scale 1. Marsaglia and Tsang, "A simple method for generating gamma variables" (2000).</summary>
    public static double Gamma(double shape, Dice dice)
    {
        if (shape < 1)                                          // their section 6: a larger shape, and a power of a uniform number
            return Gamma(shape + 1, dice) * Math.Pow(1 - dice.Next(), 1 / shape);
        double d = shape - (1 / 3.0), c = 1 / Math.Sqrt(9 * d);
        while (true)
        {
            double x = Normal(dice), v = Math.Pow(1 + (c * x), 3), u = 1 - dice.Next();
            if (v > 0 && Math.Log(u) < (0.5 * x * x) + d - (d * v) + (d * Math.Log(v)))
                return d * v;
        }
    }

    // Box and Muller 1958; 1 - u is never 0.
    private static double Normal(Dice dice) => Math.Sqrt(-2 * Math.Log(1 - dice.Next())) * Math.Cos(2 * Math.PI * dice.Next());
}
