namespace Ponder.Inference.Sampling;

/// <summary>
/// How a token is drawn from logits. The filters apply in this order: temperature, top-k, top-p, min-p; each sees what the one before left.
/// </summary>
public sealed record SamplingOptions
{
    /// <summary>Always the most likely token; ties go to the lowest id.</summary>
    public static SamplingOptions Greedy { get; } = new() { Temperature = 0 };

    /// <summary>Divides the logits; 0 is greedy, 1 (the default) the model's own distribution.</summary>
    public double Temperature { get; init; } = 1;

    /// <summary>Keeps the k most likely tokens; 0 (the default) keeps all.</summary>
    public int TopK { get; init; }

    /// <summary>Keeps the fewest tokens whose probabilities reach this sum (Holtzman et al., arXiv 1904.09751); 1 (the default) keeps all.</summary>
    public double TopP { get; init; } = 1;

    /// <summary>
    /// Keeps tokens at least this likely, as a part of the most likely one (Nguyen et al., arXiv 2407.01082); 0 (the default) keeps all.
    /// </summary>
    public double MinP { get; init; }

    /// <summary>The seed: the same seed and sample number give the same tokens, whatever else runs beside.</summary>
    public ulong Seed { get; init; }

    /// <summary>Returns the options if every field is in range.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Names the field that is not.</exception>
    public SamplingOptions Validated()
    {
        Demand(Temperature is >= 0 and <= 100, nameof(Temperature), Temperature, "must be from 0 to 100");
        Demand(TopK >= 0, nameof(TopK), TopK, "must not be negative");
        Demand(TopP is > 0 and <= 1, nameof(TopP), TopP, "must be above 0 and at most 1");
        Demand(MinP is >= 0 and <= 1, nameof(MinP), MinP, "must be from 0 to 1");
        return this;
    }

    private static void Demand(bool holds, string name, object value, string rule)
    {
        if (!holds)
            throw new ArgumentOutOfRangeException(name, value, $"{name} {rule}.");
    }
}
