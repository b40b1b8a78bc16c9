namespace Ponder.Inference.Sampling;

/// <summary>A drawn token. Logarithms are natural; NaN where they were not asked for.</summary>
/// <param name="Id">The token.</param>
/// <param name="LogProbability">Its log-probability under the model's own distribution, before any option.</param>
/// <param name="SampledLogProbability">Its log-probability under the distribution it was drawn from, after all steps.</param>
/// <param name="Entropy">The entropy of the model's own distribution, in nats.</param>
/// <param name="SelfCertainty">The divergence of the model's own distribution from the uniform one, KL(U || p), in nats.</param>
/// <param name="Confidence">Minus the mean log-probability of the 20 tokens that the model finds most likely.</param>
internal readonly record struct Draw(int Id, float LogProbability, float SampledLogProbability, float Entropy, float SelfCertainty, float Confidence);
