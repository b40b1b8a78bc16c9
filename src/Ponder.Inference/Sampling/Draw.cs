namespace Ponder.Inference.Sampling;

/// <summary>A drawn token. Logarithms are natural; NaN where they were not asked for.</summary>
/// <param name="Id">The token.</param>
/// <param name="LogProbability">Its log-probability under the model's own distribution, before any option.</param>
/// <param name="SampledLogProbability">Its log-probability under the distribution it was drawn from, after all steps.</param>
/// <param name="Entropy">The entropy of the model's own distribution, in nats.</param>
internal readonly record struct Draw(int Id, float LogProbability, float SampledLogProbability, float Entropy);
