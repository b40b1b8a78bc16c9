using Ponder.Reasoning.Answers;
using Ponder.Reasoning.Sessions;
using Ponder.Reasoning.Strategies;

namespace Ponder.Reasoning.Auto;

/// <summary>What a few answers to a problem show of its difficulty, without knowing the truth.</summary>
/// <param name="Agreement">The part of the answers that agree with the most frequent one, 0 to 1; those that came to no answer agree with none.</param>
/// <param name="MeanReward">The mean of their rewards; 0 without any.</param>
/// <param name="BestReward">The highest of them; 0 without any.</param>
public sealed record ProbeFigures(double Agreement, double MeanReward, double BestReward)
{
    /// <summary>The figures of thoughts.</summary>
    /// <param name="probes">Whole answers, scored where there is a reward.</param>
    /// <param name="answers">Tells which answers are the same.</param>
    public static ProbeFigures Of(IReadOnlyCollection<Thought> probes, IAnswerReader answers)
    {
        ArgumentNullException.ThrowIfNull(probes);
        var votes = Ballot.Count(probes, answers);
        double[] rewards = [.. probes.Select(probe => probe.Reward).OfType<double>()];
        return new ProbeFigures(
            votes.Count == 0 ? 0 : votes.Max(vote => vote.Weight) / probes.Count,
            rewards.Length == 0 ? 0 : rewards.Average(), rewards.Length == 0 ? 0 : rewards.Max());
    }
}
