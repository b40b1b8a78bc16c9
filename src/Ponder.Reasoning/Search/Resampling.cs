namespace Ponder.Reasoning.Search;

/// <summary>Weights of particles, and draws by them.</summary>
internal static class Resampling
{
    private const double Clip = 1e-7;

    /// <summary>The logarithm of a reward's odds, r / (1 - r); finite also at 0 and 1.</summary>
    /// <param name="reward">0 to 1.</param>
    public static double Logit(double reward)
    {
        double inside = Math.Clamp(reward, Clip, 1 - Clip);
        return Math.Log(inside / (1 - inside));
    }

    /// <summary>The odds of rewards, to the power of 1 / temperature, as weights that sum to 1.</summary>
    /// <param name="rewards">0 to 1 each; at least one.</param>
    /// <param name="temperature">Above 0.</param>
    public static double[] Weights(IReadOnlyList<double> rewards, double temperature)
    {
        double[] logits = [.. rewards.Select(reward => Logit(reward) / temperature)];
        double top = logits.Max();
        double[] odds = [.. logits.Select(logit => Math.Exp(logit - top))];
        double sum = odds.Sum();
        return [.. odds.Select(odd => odd / sum)];
    }

    /// <summary>
    /// The effective sample size, 1 / sum of squared weights: as many particles of one weight would estimate as well. From 1, where one has all, to their number.
    /// Kong, Liu and Wong 1994.
    /// </summary>
    /// <param name="weights">With the sum 1.</param>
    public static double EffectiveSize(IReadOnlyList<double> weights) => 1 / weights.Sum(weight => weight * weight);

    /// <summary>
    /// How often each of some weights is drawn, by systematic resampling: one uniform number places n evenly spaced marks, so that counts differ from their
    /// expectations by less than one. Kitagawa 1996.
    /// </summary>
    /// <param name="weights">Not negative, with the sum 1.</param>
    /// <param name="count">n, at least 1.</param>
    /// <param name="uniform">From 0 to 1, exclusive.</param>
    public static int[] Systematic(IReadOnlyList<double> weights, int count, double uniform)
    {
        var counts = new int[weights.Count];
        double sum = 0;
        int drawn = 0;
        for (int i = 0; i < counts.Length && drawn < count; i++)
        {
            sum += weights[i];
            while (drawn < count && (drawn + uniform < sum * count || i == counts.Length - 1))
            {
                counts[i]++;
                drawn++;
            }
        }
        return counts;
    }

    /// <summary>How often each of some weights is drawn in n independent draws.</summary>
    /// <inheritdoc cref="Systematic"/>
    public static int[] Independent(IReadOnlyList<double> weights, int count, Dice dice)
    {
        var counts = new int[weights.Count];
        for (int i = 0; i < count; i++)
            counts[Draw(weights, dice)]++;
        return counts;
    }

    /// <summary>Draws the index of a weight.</summary>
    /// <param name="weights">Not negative, with the sum 1; at least one.</param>
    /// <param name="dice">Gives one number.</param>
    public static int Draw(IReadOnlyList<double> weights, Dice dice)
    {
        double left = dice.Next();
        for (int i = 0; i < weights.Count - 1; i++)
        {
            left -= weights[i];
            if (left < 0)
                return i;
        }
        return weights.Count - 1;
    }
}
