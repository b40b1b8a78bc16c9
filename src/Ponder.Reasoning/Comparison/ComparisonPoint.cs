using Ponder.Reasoning.Statistics;

namespace Ponder.Reasoning.Comparison;

/// <summary>What a strategy reached with a budget, over all seeds and problems.</summary>
public sealed record ComparisonPoint
{
    /// <summary>The strategy as the grid names it.</summary>
    public required string Strategy { get; init; }

    /// <summary>The same with its size.</summary>
    public required string Sized { get; init; }

    /// <summary>Tokens that a problem could take.</summary>
    public required long Budget { get; init; }

    /// <summary>Part of the answers that are right, with its 95 % interval: bootstrap over problems of the mean over seeds.</summary>
    public required Interval Accuracy { get; init; }

    /// <summary>What a problem took on average, in the order of <see cref="CostAxis.All"/>; NaN where nobody knows.</summary>
    public required IReadOnlyList<double> Costs { get; init; }

    /// <summary>Tokens that the reward model computed, a problem on average.</summary>
    public required double RewardTokens { get; init; }

    /// <summary>Costs by which no other point is at least as good at no more.</summary>
    public IReadOnlyList<CostAxis> Front { get; init; } = [];

    /// <summary>Against the control with the same budget; null for the control itself.</summary>
    public ControlDifference? AgainstControl { get; init; }

    /// <summary>What a problem took on average.</summary>
    public double Cost(CostAxis axis) => Costs[CostAxis.All.TakeWhile(other => other != axis).Count()];
}
