namespace Ponder.Reasoning.Rewards;

/// <summary>How the outputs of a reward model are read.</summary>
public sealed record HeadRewardOptions
{
    /// <summary>The name in reports; null for the model's folder.</summary>
    public string? Name { get; init; }

    /// <summary>
    /// The text that ends a step, where a reward is read: <c>"\n"</c> for every line that is not blank; empty to read at the end only. Null for the session's step
    /// delimiter, or, for a model that scores whole sequences, for none.
    /// </summary>
    public string? StepMark { get; init; }

    /// <summary>
    /// A text that the model was trained to see behind every step, and at whose last token the reward is read, such as Math-Shepherd's <c>ки</c>; null for none.
    /// </summary>
    public string? Tag { get; init; }

    /// <summary>The class whose probability is the reward, of a model with classes per token.</summary>
    public int GoodClass { get; init; } = 1;

    /// <summary>The token whose probability is the reward, of a language model: <c>+</c>, <c>Yes</c>. Null for other models.</summary>
    public string? GoodToken { get; init; }

    /// <summary>The token that stands against it: <c>-</c>, <c>No</c>.</summary>
    public string? BadToken { get; init; }

    /// <summary>Whether a score goes through the sigmoid, to lie between 0 and 1; classes and tokens are probabilities as they are.</summary>
    public bool Sigmoid { get; init; } = true;

    /// <summary>How the rewards of steps become that of the thought.</summary>
    public Aggregation Aggregation { get; init; } = Aggregation.Last;
}
