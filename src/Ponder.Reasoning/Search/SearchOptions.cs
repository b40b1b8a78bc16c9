using Ponder.Reasoning.Strategies;

namespace Ponder.Reasoning.Search;

/// <summary>What all searches over steps have in common.</summary>
public sealed record SearchOptions
{
    /// <summary>Partial thoughts side by side, at least 1.</summary>
    public int Width { get; init; } = 16;

    /// <summary>Settles by a vote weighted with the rewards; else on the thought with the best reward.</summary>
    public bool ByVote { get; init; } = true;

    /// <summary>What a step is.</summary>
    public StepOptions Step { get; init; } = new();

    /// <summary>The options of a strategy's row: its own, between the width and what all share.</summary>
    internal static IReadOnlyList<StrategyOption> Rows(params IReadOnlyList<StrategyOption> own) =>
        [StrategyOption.Whole("width", new SearchOptions().Width, "Partial thoughts side by side."), .. own, Ending.Option, .. StepOptions.Rows];

    /// <summary>What a row's values say.</summary>
    internal static SearchOptions Of(StrategyValues values) =>
        new() { Width = values.Whole("width"), ByVote = values.Name("choose") == "vote", Step = StepOptions.Of(values) };
}
