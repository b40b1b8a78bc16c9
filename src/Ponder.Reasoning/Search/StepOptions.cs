using Ponder.Reasoning.Strategies;

namespace Ponder.Reasoning.Search;

/// <summary>What a step of a search is. Steps end at the session's delimiter, or after so many tokens.</summary>
public sealed record StepOptions
{
    /// <summary>Tokens of a step; 0 for up to the session's delimiter.</summary>
    public int Tokens { get; init; }

    /// <summary>Most tokens of a step that waits for its delimiter, at least 1: a thought that comes here is cut, and that is noted.</summary>
    public int MaxTokens { get; init; } = 256;

    /// <summary>Most steps of a thought, at least 1: one that comes here goes to its end without more scores.</summary>
    public int Depth { get; init; } = 40;

    /// <summary>The options of a strategy's row that say what a step is.</summary>
    internal static IReadOnlyList<StrategyOption> Rows { get; } =
    [
        StrategyOption.Whole("step-tokens", 0, "Tokens of a step; 0 for up to the delimiter.", least: 0),
        StrategyOption.Whole("max-step-tokens", 256, "Most tokens of a step that waits for its delimiter."),
        StrategyOption.Whole("depth", 40, "Most steps."),
    ];

    /// <summary>What a row's values say.</summary>
    internal static StepOptions Of(StrategyValues values) => new()
    {
        Tokens = values.Whole("step-tokens"),
        MaxTokens = values.Whole("max-step-tokens"),
        Depth = values.Whole("depth"),
    };
}
