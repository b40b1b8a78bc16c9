using Ponder.Reasoning.Strategies;

namespace Ponder.Reasoning.Composition;

/// <summary>How <see cref="SpecReason"/> works. The defaults are the paper's.</summary>
public sealed record SpecReasonOptions
{
    /// <summary>The score from which on a draft is kept, 0 to 9.</summary>
    public double Threshold { get; init; } = 7;

    /// <summary>Steps that the large policy writes before any is drafted, at least 0.</summary>
    public int FirstSteps { get; init; }

    /// <summary>Most tokens of a step, at least 1: one that has no end by then is taken as it is.</summary>
    public int StepTokens { get; init; } = 512;

    /// <summary>Most tokens of the answer, at least 1; fewer where the session's thoughts must be shorter.</summary>
    public int MaxTokens { get; init; } = 8192;

    /// <summary>The score is nine times the reward of the thought with the draft; else the policy's own.</summary>
    public bool ByReward { get; init; }

    /// <summary>The policy's own score is the mean over the digits by their probabilities; else the likeliest digit.</summary>
    public bool IsExpected { get; init; } = true;

    /// <summary>The options of the strategy's row.</summary>
    internal static IReadOnlyList<StrategyOption> Rows { get; } =
    [
        StrategyOption.Number("threshold", 7, "The score from which on a draft is kept.", 0, 9),
        StrategyOption.Whole("first", 0, "Steps that the large model writes before any is drafted.", least: 0),
        StrategyOption.Whole("step-tokens", 512, "Most tokens of a step."),
        StrategyOption.Whole("tokens", 8192, "Most tokens of the answer."),
        StrategyOption.OneOf("judge", "self", "Who scores: the large model, or the reward, times nine.", "self", "reward"),
        StrategyOption.OneOf("score", "mean", "The large model's score: the mean over the digits, or the likeliest digit.", "mean", "likeliest"),
    ];

    /// <summary>What a row's values say.</summary>
    internal static SpecReasonOptions Of(StrategyValues values) => new()
    {
        Threshold = values.Number("threshold"),
        FirstSteps = values.Whole("first"),
        StepTokens = values.Whole("step-tokens"),
        MaxTokens = values.Whole("tokens"),
        ByReward = values.Name("judge") == "reward",
        IsExpected = values.Name("score") == "mean",
    };
}
