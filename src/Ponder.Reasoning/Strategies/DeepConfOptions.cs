namespace Ponder.Reasoning.Strategies;

/// <summary>The options of <see cref="DeepConf"/>, with the paper's defaults where these do not depend on the budget.</summary>
public sealed record DeepConfOptions
{
    /// <summary>Most samples, those of the warm-up included; at least 1.</summary>
    public int Samples { get; init; } = 32;

    /// <summary>Stops samples as they go; else all are drawn to their ends and filtered.</summary>
    public bool Online { get; init; } = true;

    /// <summary>Samples that are drawn to their ends and set the threshold, at least 1.</summary>
    public int WarmUp { get; init; } = 16;

    /// <summary>The part of these that is at or above the threshold: 0.9 is careful, 0.1 saves most.</summary>
    public double Keep { get; init; } = 0.9;

    /// <summary>Tokens of a group, at least 1; less where the answers are shorter than that.</summary>
    public int Window { get; init; } = 2048;

    /// <summary>Samples drawn side by side between two looks at the votes, at least 1.</summary>
    public int Round { get; init; } = 4;

    /// <summary>Ends when an answer has this part of the votes.</summary>
    public double Consensus { get; init; } = 0.95;
}
