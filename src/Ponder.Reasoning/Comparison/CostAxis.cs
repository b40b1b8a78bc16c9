namespace Ponder.Reasoning.Comparison;

/// <summary>A cost that accuracy is held against: one of the axes of the charts, and a column of the tables.</summary>
/// <param name="Name">As it stands in files: <c>kv_bytes_peak</c>.</param>
/// <param name="Label">As people read it, with its unit.</param>
/// <param name="Of">The cost of one problem.</param>
public sealed record CostAxis(string Name, string Label, Func<CellResult, double> Of)
{
    /// <summary>Tokens drawn by the policy.</summary>
    public static CostAxis Tokens { get; } = new("tokens", "tokens a problem", result => result.Tokens);

    /// <summary>Those with the ones that the reward model computed.</summary>
    public static CostAxis TokensWithReward { get; } =
        new("tokens_with_reward", "tokens a problem, with the reward model's", result => result.Tokens + result.RewardTokens);

    /// <summary>Tokens drawn one after another.</summary>
    public static CostAxis Sequential { get; } = new("sequential", "tokens one after another", result => result.SequentialTokens);

    /// <summary>The machine's time.</summary>
    public static CostAxis Seconds { get; } = new("seconds", "seconds a problem", result => result.Seconds);

    /// <summary>KV memory over the steps.</summary>
    public static CostAxis AverageKv { get; } = new("kv_bytes_average", "bytes of KV memory, on average", result => result.AverageKvBytes);

    /// <summary>KV memory at its largest.</summary>
    public static CostAxis PeakKv { get; } = new("kv_bytes_peak", "bytes of KV memory, at most", result => result.PeakKvBytes);

    /// <summary>All costs, in the order of the tables.</summary>
    public static IReadOnlyList<CostAxis> All { get; } = [Tokens, TokensWithReward, Sequential, Seconds, AverageKv, PeakKv];
}
