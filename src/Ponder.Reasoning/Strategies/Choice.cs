using Ponder.Reasoning.Answers;
using Ponder.Reasoning.Sessions;

namespace Ponder.Reasoning.Strategies;

/// <summary>What a strategy settles on.</summary>
/// <param name="Thought">The thought that it chose, or that stands for the answer it chose; null when it came to nothing.</param>
/// <param name="Confidence">How sure it is, 0 to 1; null where the strategy has no measure of it.</param>
public sealed record Choice(Thought? Thought, double? Confidence)
{
    /// <summary>No answer.</summary>
    public static Choice None { get; } = new(null, null);

    /// <summary>No answer, of the strategy's own choice: none that it could give is likely enough to be right.</summary>
    public static Choice Abstained { get; } = new(null, 0);

    /// <summary>The answer that most thoughts agree on; of several the one whose first thought came first.</summary>
    public static Choice ByMajority(IEnumerable<Thought> thoughts, IAnswerReader answers) => ByWeightedVote(thoughts, answers, _ => 1);

    /// <summary>
    /// The answer whose thoughts have the greatest sum of weights; of several the one whose first thought came first. The heaviest thought with it
    /// stands for it, and its part of all weights is the confidence.
    /// </summary>
    /// <param name="thoughts">Those without an answer do not vote.</param>
    /// <param name="answers">Tells which answers are the same.</param>
    /// <param name="weight">Not negative.</param>
    public static Choice ByWeightedVote(IEnumerable<Thought> thoughts, IAnswerReader answers, Func<Thought, double> weight)
    {
        var votes = Ballot.Count(thoughts, answers, weight);
        if (votes.Count == 0)
            return None;
        var winner = votes.MaxBy(vote => vote.Weight)!;         // the first of the largest
        double all = votes.Sum(vote => vote.Weight);
        return new Choice(winner.Thoughts.MaxBy(weight), all > 0 ? winner.Weight / all : null);
    }

    /// <summary>The thought with the highest value; of several the first. Thoughts whose value is null are chosen only when no other is there.</summary>
    public static Choice Best(IEnumerable<Thought> thoughts, Func<Thought, double?> value)
    {
        var best = thoughts.MaxBy(thought => value(thought) ?? double.NegativeInfinity);
        return best is null ? None : new Choice(best, value(best) is double confidence and >= 0 and <= 1 ? confidence : null);
    }
}
