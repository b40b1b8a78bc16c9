using Ponder.Numerics;
using Ponder.Reasoning.Strategies;

namespace Ponder.Reasoning.Layers;

/// <summary>A type of part as <c>ponder layers</c> lists it and a plan names it.</summary>
/// <param name="Type">Words with hyphens: <c>unit-test</c>.</param>
/// <param name="Summary">What it does, in one sentence.</param>
/// <param name="Options">Its options; in a file their names have underscores.</param>
public sealed record PartRow(string Type, string Summary, IReadOnlyList<StrategyOption> Options)
{
    /// <summary>Makes it from checked values; null for a plan within a plan.</summary>
    internal Func<PartValues, ILayerPart>? Create { get; init; }
}

/// <summary>All types of parts.</summary>
public static class PartTable
{
    /// <summary>The type of a part that is a plan.</summary>
    public const string Plan = "plan";

    /// <summary>A row for each, in the order in which they are listed.</summary>
    public static IReadOnlyList<PartRow> All { get; } =
    [
        GeneratePart.Row,
        RankPart.Row,
        CritiquePart.Row,
        FusePart.Row,
        VerifyPart.Row,
        UnitTestPart.Row,
        new(Plan, "The layers of another plan: a file beside this one, a plan under 'plans', or its own 'layers'.", []),
    ];

    /// <summary>The row of a type.</summary>
    /// <exception cref="LayerException">There is none; names the nearest.</exception>
    public static PartRow Require(string type) => All.FirstOrDefault(row => row.Type == type)
        ?? throw new LayerException($"there is no type of part '{type}'; {NearestName.Suggest(type, All.Select(row => row.Type))}");
}
