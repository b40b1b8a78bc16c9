using System.Text.RegularExpressions;
using Ponder.Reasoning.Strategies;

namespace Ponder.Reasoning.Search;

/// <summary>What a step of a search is. Steps end at the session's delimiter, after so many tokens, or where a pattern matches.</summary>
public sealed record StepOptions
{
    /// <summary>Tokens of a step; 0 for up to the session's delimiter.</summary>
    public int Tokens { get; init; }

    /// <summary>Ends a step as soon as it matches in the step's text, behind the token that completes the match. Null for the delimiter.</summary>
    public Regex? Pattern { get; init; }

    /// <summary>Most tokens of a step that waits for its end, at least 1: a thought that comes here is cut, and that is noted.</summary>
    public int MaxTokens { get; init; } = 256;

    /// <summary>Most steps of a thought, at least 1: one that comes here goes to its end without more scores.</summary>
    public int Depth { get; init; } = 40;

    /// <summary>The options of a strategy's row that say what a step is.</summary>
    internal static IReadOnlyList<StrategyOption> Rows { get; } =
    [
        StrategyOption.Whole("step-tokens", 0, "Tokens of a step; 0 for up to the delimiter.", least: 0),
        StrategyOption.Text("step-pattern", "none", "A regular expression that ends a step, in place of the delimiter."),
        StrategyOption.Whole("max-step-tokens", 256, "Most tokens of a step that waits for its end."),
        StrategyOption.Whole("depth", 40, "Most steps."),
    ];

    /// <summary>What a row's values say.</summary>
    internal static StepOptions Of(StrategyValues values) => new()
    {
        Tokens = values.Whole("step-tokens"),
        Pattern = values.Text("step-pattern") == "none" ? null : PatternOf(values.Text("step-pattern")),
        MaxTokens = values.Whole("max-step-tokens"),
        Depth = values.Whole("depth"),
    };

    private static Regex PatternOf(string pattern)
    {
        try
        {
            var regex = new Regex(pattern, RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);
            return regex.IsMatch("") ? throw new StrategyException($"The option step-pattern is '{pattern}', which matches the empty text: no step would ever grow.") : regex;
        }
        catch (Exception error) when (error is ArgumentException or NotSupportedException)
        {
            throw new StrategyException($"The option step-pattern is '{pattern}', which is no regular expression without look-around or back-references: {error.Message}");
        }
    }
}
