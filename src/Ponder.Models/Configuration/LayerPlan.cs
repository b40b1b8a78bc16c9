namespace Ponder.Models.Configuration;

/// <summary>Lays out what differs from layer to layer.</summary>
internal static class LayerPlan
{
    /// <summary>Builds one entry a layer.</summary>
    /// <param name="architecture">The family, whose patterns serve where the file has no lists.</param>
    /// <param name="layers">Number of layers.</param>
    /// <param name="window">The sliding window; 0 for none.</param>
    /// <param name="windowed">For each layer, whether it is windowed; null to follow the family's pattern.</param>
    /// <param name="usesRope">For each layer, whether it rotates; null to follow the family's pattern.</param>
    public static LayerConfig[] Build(Architecture architecture, int layers, int window, IReadOnlyList<bool>? windowed, IReadOnlyList<bool>? usesRope)
    {
        // One over the limit is enough for the checks to refuse it; a damaged file's number is not allocated.
        var plan = new LayerConfig[Math.Clamp(layers, 0, ModelConfigChecks.MaxLayers + 1)];
        for (int i = 0; i < plan.Length; i++)
        {
            bool hasWindow = window > 0 && (windowed?[i] ?? IsWindowed(architecture.WindowPattern, i));
            bool rotates = usesRope?[i] ?? (architecture.NoRopeInterval == 0 || (i + 1) % architecture.NoRopeInterval != 0);
            plan[i] = new LayerConfig(
                UsesRope: rotates && !architecture.LearnedPositions,
                Window: hasWindow ? window : 0,
                LocalRope: hasWindow && architecture.LocalRopeBase > 0);
        }
        return plan;
    }

    private static bool IsWindowed(int pattern, int layer) => pattern == 1 || (pattern > 1 && (layer + 1) % pattern != 0);
}
