using Ponder.Reasoning.Policies;
using Ponder.Reasoning.Sessions;

namespace Ponder.Reasoning.Rewards;

/// <summary>What the policy's own distributions say about a thought.</summary>
public enum LogProbabilityKind
{
    /// <summary>The mean over the tokens of KL(U || p), in nats (Kang et al., arXiv 2502.18581).</summary>
    SelfCertainty,

    /// <summary>One over the perplexity, exp(mean log p): the geometric mean of the tokens' probabilities, 0 to 1.</summary>
    Perplexity,

    /// <summary>Minus the mean entropy, in nats.</summary>
    Entropy,

    /// <summary>The lowest mean confidence of any so many tokens in a row, in nats (Fu et al., arXiv 2508.15260).</summary>
    Confidence,
}

/// <summary>The policy's own confidence in the tokens that it drew, as a reward: no model but the policy is needed, and nothing is computed for it.</summary>
/// <param name="kind">Which measure.</param>
/// <param name="window">Tokens of a group, of <see cref="LogProbabilityKind.Confidence"/>; at least 1. A shorter thought is one group.</param>
public sealed class LogProbabilityReward(LogProbabilityKind kind, int window = LogProbabilityReward.DefaultWindow) : IRewardModel
{
    /// <summary>Tokens of a group in DeepConf.</summary>
    public const int DefaultWindow = 2048;

    private readonly int _window = window >= 1 ? window : throw new ArgumentOutOfRangeException(nameof(window), window, "A group has at least 1 token.");

    /// <inheritdoc/>
    public string Name => kind switch
    {
        LogProbabilityKind.SelfCertainty => "self-certainty",
        LogProbabilityKind.Perplexity => "perplexity",
        LogProbabilityKind.Entropy => "entropy",
        _ => "confidence",
    };

    /// <inheritdoc/>
    public bool IsExact => false;

    /// <inheritdoc/>
    public string Cost => "nothing";

    /// <inheritdoc/>
    public (double Low, double High) Range => kind switch
    {
        LogProbabilityKind.Perplexity => (0, 1),
        LogProbabilityKind.Entropy => (double.MinValue, 0),
        _ => (0, double.MaxValue),
    };

    /// <inheritdoc/>
    public PolicyFeatures Needs => PolicyFeatures.LogProbabilities;

    /// <inheritdoc/>
    public IScorer Open(SolveSession session) => new Scorer(this);

    /// <summary>The reward of tokens; NaN where there are none, or where nothing is known of one.</summary>
    public double Of(IReadOnlyList<ThoughtToken> tokens)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        if (tokens.Count == 0)
            return double.NaN;
        double value = kind switch
        {
            LogProbabilityKind.SelfCertainty => tokens.Average(token => (double)token.SelfCertainty),
            LogProbabilityKind.Perplexity => Math.Exp(tokens.Average(token => (double)token.LogProbability)),
            LogProbabilityKind.Entropy => -tokens.Average(token => (double)token.Entropy),
            _ => LowestGroup(tokens),
        };
        // A distribution with all its weight on one token may be rounded beyond the end of the range.
        return double.IsNaN(value) ? value : Math.Clamp(value, Range.Low, Range.High);
    }

    private double LowestGroup(IReadOnlyList<ThoughtToken> tokens)
    {
        int size = Math.Min(_window, tokens.Count);
        double sum = 0, lowest = double.PositiveInfinity;
        for (int i = 0; i < tokens.Count; i++)
        {
            sum += tokens[i].Confidence;
            if (i >= size)
                sum -= tokens[i - size].Confidence;
            if (i >= size - 1)
                lowest = double.IsNaN(sum) ? double.NaN : Math.Min(lowest, sum / size);
        }
        return lowest;
    }

    private sealed class Scorer(LogProbabilityReward reward) : IScorer
    {
        public Task<IReadOnlyList<Score>> ScoreAsync(IReadOnlyList<Thought> thoughts, CancellationToken cancellationToken) =>
            Task.FromResult<IReadOnlyList<Score>>([.. thoughts.Select(ScoreOf)]);

        public void Forget(Thought thought)
        {
        }

        public void Dispose()
        {
        }

        private Score ScoreOf(Thought thought)
        {
            double value = reward.Of(thought.Tokens());
            return new Score(value, [value]);
        }
    }
}
