using System.Globalization;

namespace Ponder.Reasoning.Statistics;

/// <summary>An estimate with the range that it may lie in.</summary>
/// <param name="Estimate">The figure itself.</param>
/// <param name="Low">Lower end.</param>
/// <param name="High">Upper end.</param>
public sealed record Interval(double Estimate, double Low, double High)
{
    /// <summary>Whether a value lies in the range, its ends included.</summary>
    public bool Contains(double value) => value >= Low && value <= High;

    /// <summary>The estimate and its range: <c>0.350 (0.301 to 0.402)</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Estimate:0.000} ({Low:0.000} to {High:0.000})");
}
