namespace Ponder.Reasoning.Layers;

/// <summary>
/// The plans that are being read, each within the one before it: files, plans within them, and those that strategies within them name. It finds loops, and
/// ends what grows without bounds. Plans are read on one thread from beginning to end.
/// </summary>
internal static class PlanChain
{
    private const int MostDepth = 16, MostParts = 256;

    [ThreadStatic]
    private static List<(string Key, string Shown)>? _open;

    [ThreadStatic]
    private static int _parts;

    /// <summary>Begins to read a plan; disposal ends it.</summary>
    /// <param name="key">What makes it the plan that it is.</param>
    /// <param name="shown">Its name for people.</param>
    /// <exception cref="LayerException">It is being read already, or plans nest too deeply.</exception>
    public static Reading Enter(string key, string shown)
    {
        var open = _open ??= [];
        int before = open.FindIndex(plan => plan.Key == key);
        if (before >= 0)
            throw new LayerException($"plans refer to each other in a loop: {string.Join(" -> ", open[before..].Select(plan => plan.Shown))} -> {shown}.");
        if (open.Count == MostDepth)
            throw new LayerException($"plans lie within each other more than {MostDepth} deep: {string.Join(" -> ", open.Select(plan => plan.Shown))} -> {shown}.");
        if (open.Count == 0)
            _parts = 0;
        open.Add((key, shown));
        return default;
    }

    /// <summary>Counts a part, those of plans within plans included.</summary>
    /// <exception cref="LayerException">There are too many.</exception>
    public static void AddPart()
    {
        if (++_parts > MostParts)
            throw new LayerException($"it comes to more than {MostParts} parts, with those of the plans that it refers to.");
    }

    /// <summary>A plan while it is read.</summary>
    public readonly struct Reading : IDisposable
    {
        /// <inheritdoc/>
        public void Dispose() => _open!.RemoveAt(_open.Count - 1);
    }
}
