namespace Ponder.Inference.Branches;

/// <summary>A token of a branch, and what is known of how it was drawn.</summary>
/// <param name="Id">The token.</param>
/// <param name="IsGenerated">Drawn by the model; false for tokens that were given.</param>
/// <param name="LogProbability">In nats, under the model's own distribution; NaN unless it was asked for.</param>
/// <param name="SampledLogProbability">In nats, under the distribution that it was drawn from, after all sampling steps; NaN unless it was asked for.</param>
/// <param name="Entropy">Of the model's own distribution, in nats; NaN unless it was asked for.</param>
public readonly record struct TokenTrace(int Id, bool IsGenerated, float LogProbability, float SampledLogProbability, float Entropy)
{
    /// <summary>The divergence of the model's own distribution from the uniform one, KL(U || p), in nats; NaN unless it was asked for.</summary>
    public float SelfCertainty { get; init; } = float.NaN;

    /// <summary>Minus the mean log-probability of the 20 tokens that the model found most likely, in nats; NaN unless it was asked for.</summary>
    public float Confidence { get; init; } = float.NaN;

    /// <summary>What sampling carries from this draw to the next; NaN where it carries nothing.</summary>
    internal double SamplerBound { get; init; } = double.NaN;

    /// <summary>A token that was given.</summary>
    public static TokenTrace Given(int id) => new(id, false, float.NaN, float.NaN, float.NaN);
}
