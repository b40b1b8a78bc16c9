namespace Ponder.Reasoning.Budgets;

/// <summary>What may be spent on one problem. Null is no limit. Limits in tokens and samples are kept exactly; time is kept to one step of the engine.</summary>
public sealed record Budget
{
    /// <summary>No limit but the strategy's own.</summary>
    public static Budget Unlimited { get; } = new();

    /// <summary>Tokens drawn by the policy, those of judges and refinements included; at least 1.</summary>
    public long? Tokens { get; init; }

    /// <summary>Tokens drawn one after another on the longest path, thoughts side by side counting once; at least 1.</summary>
    public long? SequentialTokens { get; init; }

    /// <summary>Answers begun; at least 1.</summary>
    public int? Samples { get; init; }

    /// <summary>Wall time; above 0.</summary>
    public TimeSpan? Time { get; init; }

    /// <summary>Returns the budget if every limit is in range.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Names the limit that is not.</exception>
    public Budget Validated()
    {
        Demand(Tokens is null or > 0, nameof(Tokens), Tokens);
        Demand(SequentialTokens is null or > 0, nameof(SequentialTokens), SequentialTokens);
        Demand(Samples is null or > 0, nameof(Samples), Samples);
        Demand(Time is null || Time > TimeSpan.Zero, nameof(Time), Time);
        return this;

        static void Demand(bool holds, string name, object? value)
        {
            if (!holds)
                throw new ArgumentOutOfRangeException(name, value, $"A budget's {name} must be above 0.");
        }
    }
}
