namespace Ponder.Reasoning.Comparison;

/// <summary>The points that cannot be bettered: whatever is at least as accurate costs more, and whatever costs no more is less accurate.</summary>
internal static class ParetoFront
{
    /// <summary>Which points stand on the front. Points that are alike stand on it together; one whose cost nobody knows does not.</summary>
    public static bool[] Of(IReadOnlyList<(double Cost, double Accuracy)> points) =>
        [.. points.Select(point => !double.IsNaN(point.Cost) && !points.Any(other => Beats(other, point)))];

    private static bool Beats((double Cost, double Accuracy) one, (double Cost, double Accuracy) other) =>
        one.Cost <= other.Cost && one.Accuracy >= other.Accuracy && one != other;
}
