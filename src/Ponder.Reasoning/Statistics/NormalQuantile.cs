namespace Ponder.Reasoning.Statistics;

/// <summary>
/// The inverse of the standard normal distribution, by Acklam's rational approximations: one for the middle, one for the tails; the relative error
/// stays below 1.2e-9.
/// </summary>
internal static class NormalQuantile
{
    private const double Tail = 0.02425;

    private static readonly double[] MiddleOver =
        [-3.969683028665376e+01, 2.209460984245205e+02, -2.759285104469687e+02, 1.383577518672690e+02, -3.066479806614716e+01, 2.506628277459239e+00];

    private static readonly double[] MiddleUnder =
        [-5.447609879822406e+01, 1.615858368580409e+02, -1.556989798598866e+02, 6.680131188771972e+01, -1.328068155288572e+01, 1];

    private static readonly double[] TailOver =
        [-7.784894002430293e-03, -3.223964580411365e-01, -2.400758277161838e+00, -2.549732539343734e+00, 4.374664141464968e+00, 2.938163982698783e+00];

    private static readonly double[] TailUnder = [7.784695709041462e-03, 3.224671290700398e-01, 2.445134137142996e+00, 3.754408661907416e+00, 1];

    /// <summary>The z that a share of the distribution lies below.</summary>
    /// <param name="share">Between 0 and 1, neither of them.</param>
    public static double At(double share)
    {
        if (share > 0.5)
            return -At(1 - share);
        if (share < Tail)
        {
            double q = Math.Sqrt(-2 * Math.Log(share));
            return Polynomial(TailOver, q) / Polynomial(TailUnder, q);
        }
        double x = share - 0.5;
        return x * Polynomial(MiddleOver, x * x) / Polynomial(MiddleUnder, x * x);
    }

    /// <summary>How many standard deviations a two-sided interval reaches.</summary>
    /// <param name="confidence">Between 0 and 1, neither of them.</param>
    public static double TwoSided(double confidence)
    {
        if (confidence is not (> 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(confidence), confidence, "A confidence lies between 0 and 1.");
        return At(1 - (1 - confidence) / 2);
    }

    private static double Polynomial(double[] coefficients, double x)
    {
        double sum = 0;
        foreach (double coefficient in coefficients)
            sum = sum * x + coefficient;
        return sum;
    }
}
