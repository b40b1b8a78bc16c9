using Ponder.Inference.Sampling;
using Ponder.Inference.Speculation;

namespace Ponder.Inference.Generation;

/// <summary>How a text is continued.</summary>
public sealed record GenerationOptions
{
    /// <summary>How tokens are drawn.</summary>
    public SamplingOptions Sampling { get; init; } = new();

    /// <summary>Most tokens to generate, at least 1; null goes on to the end of the context.</summary>
    public int? MaxTokens { get; init; }

    /// <summary>Texts that end the answer; they are not part of it.</summary>
    public IReadOnlyList<string> Stop { get; init; } = [];

    /// <summary>Whatever else ends the answer: tokens, patterns, step delimiters, the caller's own conditions.</summary>
    public IReadOnlyList<StopRule> Rules { get; init; } = [];

    /// <summary><see cref="Stop"/> and <see cref="Rules"/>.</summary>
    internal IReadOnlyList<StopRule> AllRules => Stop.Count == 0 ? Rules : [.. Stop.Select(text => new StopRule.Text(text)), .. Rules];

    /// <summary>Requests of higher priority are served first; 0 by default.</summary>
    public int Priority { get; init; }

    /// <summary>Computes drafts of several tokens together, for speed; null (the default) computes token by token. The tokens do not depend on it.</summary>
    public SpeculationOptions? Speculation { get; init; }

    /// <summary>Goes on after the model's own end token.</summary>
    public bool IgnoreEnd { get; init; }

    /// <summary>
    /// The text may go on with a later extension of the branch or of a fork. A character that is not finished at the end, unless the model ends there, is left to
    /// that one, which begins with it if it is told the same; else it becomes U+FFFD.
    /// </summary>
    public bool MayGoOn { get; init; }

    /// <summary>Computes <see cref="GeneratedToken.LogProbability"/>, and what else tells how sure the model was of each token.</summary>
    public bool LogProbabilities { get; init; }

    /// <summary>Returns the options if every field is in range.</summary>
    /// <exception cref="ArgumentException">Names the field that is not.</exception>
    public GenerationOptions Validated()
    {
        Sampling.Validated();
        Speculation?.Validated();
        if (MaxTokens < 1)
            throw new ArgumentOutOfRangeException(nameof(MaxTokens), MaxTokens, "MaxTokens must be at least 1.");
        if (Stop.Any(string.IsNullOrEmpty))
            throw new ArgumentException("Stop holds an empty text.", nameof(Stop));
        return this;
    }
}

/// <summary>One token of an answer.</summary>
/// <param name="Id">The token; the end token too, when it ends the answer.</param>
/// <param name="Text">The text that is complete now: whole characters, without a stop text; often empty.</param>
/// <param name="LogProbability">In nats, of the model's own distribution; null unless asked for.</param>
/// <param name="Finish">Set on the last token.</param>
public readonly record struct GeneratedToken(int Id, string Text, double? LogProbability, FinishReason? Finish)
{
    /// <summary>In nats, of the distribution that it was drawn from, after all sampling steps; null unless asked for.</summary>
    public double? SampledLogProbability { get; init; }

    /// <summary>Entropy of the model's own distribution, in nats; null unless asked for.</summary>
    public double? Entropy { get; init; }

    /// <summary>
    /// The divergence of the model's own distribution from the uniform one, KL(U || p), in nats (self-certainty: Kang et al., arXiv 2502.18581); null unless
    /// asked for.
    /// </summary>
    public double? SelfCertainty { get; init; }

    /// <summary>
    /// Minus the mean log-probability of the 20 tokens that the model found most likely, in nats (token confidence: Fu et al., arXiv 2508.15260); null unless
    /// asked for.
    /// </summary>
    public double? Confidence { get; init; }
}

/// <summary>A prompt with a number of answers to draw.</summary>
/// <param name="Prompt">At least one token.</param>
/// <param name="Samples">Answers, 1 to <see cref="MaxSamples"/>; the prompt is computed once for all.</param>
/// <param name="Options">How to continue.</param>
public sealed record GenerationRequest(IReadOnlyList<int> Prompt, int Samples, GenerationOptions Options)
{
    /// <summary>Most answers to one prompt: all of them are held until the last has ended.</summary>
    public const int MaxSamples = 1 << 20;
}

/// <summary>A whole answer.</summary>
/// <param name="Text">Without a stop text.</param>
/// <param name="Ids">All tokens that were generated, the end token included.</param>
/// <param name="LogProbabilities">One a token, or empty when not asked for.</param>
/// <param name="Finish">Why it ended.</param>
public sealed record Completion(string Text, IReadOnlyList<int> Ids, IReadOnlyList<double> LogProbabilities, FinishReason Finish);
