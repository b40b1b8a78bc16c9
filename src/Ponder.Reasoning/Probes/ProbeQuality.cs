namespace Ponder.Reasoning.Probes;

/// <summary>How well a probe tells right from wrong.</summary>
/// <param name="Accuracy">Part of the examples that lie on the right side of one half.</param>
/// <param name="Auc">The chance that a right example is above a wrong one, ties counting half; NaN where one of both kinds is missing.</param>
public sealed record ProbeQuality(double Accuracy, double Auc)
{
    /// <summary>Tries a probe.</summary>
    /// <param name="probe">The probe.</param>
    /// <param name="examples">Examples that it was not trained on; at least one.</param>
    public static ProbeQuality Of(Probe probe, IReadOnlyList<ProbeExample> examples)
    {
        ArgumentNullException.ThrowIfNull(probe);
        ArgumentNullException.ThrowIfNull(examples);
        ArgumentOutOfRangeException.ThrowIfZero(examples.Count);
        double[] right = [.. examples.Where(example => example.IsRight).Select(example => probe.Of(example.Features))];
        double[] wrong = [.. examples.Where(example => !example.IsRight).Select(example => probe.Of(example.Features))];
        double told = right.Count(p => p > 0.5) + wrong.Count(p => p <= 0.5);
        double auc = right.Length == 0 || wrong.Length == 0 ? double.NaN : right.Average(r => wrong.Average(w => r > w ? 1 : r == w ? 0.5 : 0));
        return new ProbeQuality(told / examples.Count, auc);
    }
}
