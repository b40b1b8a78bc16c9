namespace Ponder.Reasoning.Layers;

/// <summary>
/// Layers that candidates for an answer go through, as <see cref="LayerFile"/> writes them: what one layer gives, the next takes. Saad-Falcon et al.,
/// arXiv 2409.15254 (Archon).
/// </summary>
/// <param name="Layers">At least one; the first generates candidates.</param>
public sealed record LayerPlan(IReadOnlyList<PlanLayer> Layers)
{
    /// <summary>What messages call it: the file that it comes from, or its name within one.</summary>
    public string Source { get; init; } = "the plan";

    /// <summary>Its own name; null for none.</summary>
    public string? Name { get; init; }

    /// <summary>A plan with one part in every layer.</summary>
    public static LayerPlan Of(params IEnumerable<PlanPart> parts) => new([.. parts.Select(part => new PlanLayer([part]))]);
}

/// <summary>Parts that stand side by side: each takes all that comes to the layer, and what they give goes on together.</summary>
/// <param name="Parts">At least one.</param>
public sealed record PlanLayer(IReadOnlyList<PlanPart> Parts);

/// <summary>A part of a layer.</summary>
/// <param name="Type">What it does: a type of <see cref="PartTable"/>.</param>
/// <param name="Options">Values of its options by name, as text; those that are not given have their defaults.</param>
public sealed record PlanPart(string Type, IReadOnlyDictionary<string, string> Options)
{
    /// <summary>The plan within, of a part of the type <c>plan</c>.</summary>
    public LayerPlan? Plan { get; init; }

    /// <summary>A part with the options <c>NAME=VALUE</c>.</summary>
    public static PlanPart Of(string type, params IEnumerable<(string Name, string Value)> options) =>
        new(type, options.ToDictionary(option => option.Name, option => option.Value));
}
