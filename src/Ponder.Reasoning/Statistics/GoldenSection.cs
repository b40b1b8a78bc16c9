namespace Ponder.Reasoning.Statistics;

/// <summary>Finds the smallest value of a function with one valley between two bounds (Kiefer 1953).</summary>
internal static class GoldenSection
{
    private static readonly double Ratio = (Math.Sqrt(5) - 1) / 2;

    /// <summary>Where the function is smallest, to a relative 1e-10 of the range; a bound when it lies there.</summary>
    public static double Minimum(Func<double, double> function, double low, double high)
    {
        var (from, to) = (low, high);
        double left = to - Ratio * (to - from), right = from + Ratio * (to - from);
        double atLeft = function(left), atRight = function(right);
        while (to - from > 1e-10 * (high - low))
        {
            if (atLeft < atRight)
            {
                (to, right, atRight) = (right, left, atLeft);
                left = to - Ratio * (to - from);
                atLeft = function(left);
            }
            else
            {
                (from, left, atLeft) = (left, right, atRight);
                right = from + Ratio * (to - from);
                atRight = function(right);
            }
        }
        double middle = (from + to) / 2;
        double[] candidates = [low, high, middle];
        return candidates.MinBy(function);
    }
}
