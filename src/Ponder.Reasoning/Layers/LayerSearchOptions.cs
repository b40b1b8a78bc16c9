namespace Ponder.Reasoning.Layers;

/// <summary>How plans are searched.</summary>
public sealed record LayerSearchOptions
{
    /// <summary>Most plans to try, at least 1.</summary>
    public int Evaluations { get; init; } = 40;

    /// <summary>Most tokens to draw in all; a plan that has begun is tried to its end. Null for no limit.</summary>
    public long? Tokens { get; init; }

    /// <summary>Problems, at least 1.</summary>
    public int Problems { get; init; } = 1;

    /// <summary>Plans drawn at random before the first is bred, and plans that others are bred from; at least 2.</summary>
    public int Population { get; init; } = 8;

    /// <summary>Plans among which a parent is the best, at least 1.</summary>
    public int Tournament { get; init; } = 3;

    /// <summary>Parts of the problems behind which a plan is given up that is not in the better half of those that came as far; 1 for none.</summary>
    public int Rungs { get; init; } = 3;

    /// <summary>The seed: the same seed tries the same plans, if they come to the same.</summary>
    public ulong Seed { get; init; }

    /// <summary>Gives the options back if they are in range.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Names the option that is not.</exception>
    public LayerSearchOptions Validated()
    {
        Demand(Evaluations >= 1, nameof(Evaluations), Evaluations, "at least 1");
        Demand(Tokens is null or > 0, nameof(Tokens), Tokens, "above 0");
        Demand(Problems >= 1, nameof(Problems), Problems, "at least 1");
        Demand(Population >= 2, nameof(Population), Population, "at least 2");
        Demand(Tournament >= 1, nameof(Tournament), Tournament, "at least 1");
        Demand(Rungs is >= 1 and <= 16, nameof(Rungs), Rungs, "from 1 to 16");
        return this;

        static void Demand(bool holds, string name, object? value, string range)
        {
            if (!holds)
                throw new ArgumentOutOfRangeException(name, value, $"{name} must be {range}.");
        }
    }
}
