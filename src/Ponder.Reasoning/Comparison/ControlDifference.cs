using Ponder.Reasoning.Statistics;

namespace Ponder.Reasoning.Comparison;

/// <summary>How a strategy does against the control.</summary>
public enum ComparisonVerdict
{
    /// <summary>More of its answers are right.</summary>
    Better,

    /// <summary>Fewer of its answers are right.</summary>
    Worse,

    /// <summary>What was tried cannot tell them apart.</summary>
    NoClearDifference,
}

/// <summary>A strategy against the control with the same budget, problem by problem.</summary>
/// <param name="Paired">The difference of their accuracies, with its 95 % interval.</param>
public sealed record ControlDifference(PairedDifference Paired)
{
    /// <summary>
    /// Problems that two strategies must differ on before either may be called better: were they alike, fewer would all point one way in more than one of
    /// twenty comparisons (a sign test), and the bootstrap, which sees only what was tried, does not know it.
    /// </summary>
    public const int FewestUnlike = 6;

    /// <summary>The verdict.</summary>
    public ComparisonVerdict Verdict =>
        !Paired.IsClear || Paired.FirstBetter + Paired.SecondBetter < FewestUnlike ? ComparisonVerdict.NoClearDifference
        : Paired.Difference.Estimate > 0 ? ComparisonVerdict.Better
        : ComparisonVerdict.Worse;

    /// <summary>The verdict in words.</summary>
    public string Words => Verdict switch
    {
        ComparisonVerdict.Better => "better",
        ComparisonVerdict.Worse => "worse",
        _ => "no clear difference",
    };
}
