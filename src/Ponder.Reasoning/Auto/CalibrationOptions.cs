using Ponder.Reasoning.Sessions;

namespace Ponder.Reasoning.Auto;

/// <summary>What a calibration tries.</summary>
public sealed record CalibrationOptions
{
    /// <summary>The strategies that are tried when none are named.</summary>
    public static IReadOnlyList<string> DefaultStrategies { get; } =
        ["single", "majority", "best-of-n", "weighted-best-of-n", "beam", "rebase", "particle-filter", "repeated-sampling"];

    /// <summary>Budgets in tokens a problem, each at least 1; at least one.</summary>
    public required IReadOnlyList<long> Budgets { get; init; }

    /// <summary>
    /// Strategies as <see cref="Strategies.StrategyText"/> reads them. One that does not say its size is tried in a few around the one that a budget is likely to hold.
    /// </summary>
    public IReadOnlyList<string> Strategies { get; init; } = DefaultStrategies;

    /// <summary>How thoughts are drawn and scored. The budget is not used.</summary>
    public required SolveSettings Settings { get; init; }

    /// <summary>Runs of every strategy that has to be run, with seeds of their own; at least 1.</summary>
    public int Seeds { get; init; } = 1;

    /// <summary>Answers that difficulty is told from, at least 1.</summary>
    public int Probes { get; init; } = 4;

    /// <summary>Problems that are thought about at the same time, at least 1.</summary>
    public int Parallel { get; init; } = 32;

    /// <summary>Returns the options if all are in range.</summary>
    /// <exception cref="CalibrationException">Names what is not.</exception>
    public CalibrationOptions Validated()
    {
        Demand(Budgets.Count > 0 && Budgets.All(budget => budget >= 1), "the budgets must be at least one, of at least 1 token each");
        Demand(Strategies.Count > 0, "there must be at least one strategy");
        Demand(Seeds >= 1 && Probes >= 1 && Parallel >= 1, "seeds, probes and parallel must be at least 1");
        return this;

        static void Demand(bool holds, string why)
        {
            if (!holds)
                throw new CalibrationException($"The calibration cannot be made: {why}.");
        }
    }
}
