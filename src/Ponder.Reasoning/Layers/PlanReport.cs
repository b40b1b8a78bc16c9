namespace Ponder.Reasoning.Layers;

/// <summary>Plans as text.</summary>
public static class PlanReport
{
    /// <summary>A plan on one line: <c>generate samples=8 > rank keep=4 by=reward > fuse</c>; parts of one layer have + between them, plans within it stand in parentheses.</summary>
    public static string Line(LayerPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return string.Join(" > ", plan.Layers.Select(Line));
    }

    /// <summary>A layer on one line.</summary>
    public static string Line(PlanLayer layer)
    {
        ArgumentNullException.ThrowIfNull(layer);
        return string.Join(" + ", layer.Parts.Select(part => part.Plan is { } inner
            ? $"({Line(inner)})"
            : string.Join(' ', part.Options.Select(option => Option(option.Key, option.Value)).Prepend(part.Type))));
    }

    private static string Option(string name, string value) => value.Contains(' ', StringComparison.Ordinal) ? $"{name}=({value})" : $"{name}={value}";
}
