namespace Ponder.Reasoning.Rewards;

/// <summary>How the rewards of a thought's steps become one number.</summary>
public enum Aggregation
{
    /// <summary>The newest step's.</summary>
    Last,

    /// <summary>The smallest.</summary>
    Min,

    /// <summary>Their product.</summary>
    Product,

    /// <summary>Their mean.</summary>
    Mean,
}

/// <summary>Aggregates rewards.</summary>
public static class Aggregations
{
    /// <summary>One number for the steps of a thought.</summary>
    /// <param name="aggregation">How.</param>
    /// <param name="steps">At least one reward.</param>
    public static double Of(this Aggregation aggregation, IReadOnlyList<double> steps)
    {
        ArgumentNullException.ThrowIfNull(steps);
        ArgumentOutOfRangeException.ThrowIfZero(steps.Count);
        return aggregation switch
        {
            Aggregation.Last => steps[^1],
            Aggregation.Min => steps.Min(),
            Aggregation.Product => steps.Aggregate(1.0, (product, step) => product * step),
            Aggregation.Mean => steps.Average(),
            _ => throw new ArgumentOutOfRangeException(nameof(aggregation)),
        };
    }
}
