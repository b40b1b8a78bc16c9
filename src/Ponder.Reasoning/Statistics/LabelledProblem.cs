using Ponder.Reasoning.Answers;
using Ponder.Reasoning.Sessions;
using Ponder.Reasoning.Strategies;

namespace Ponder.Reasoning.Statistics;

/// <summary>A sample of which the truth is known.</summary>
/// <param name="Answer">Its answer, spelt alike for all samples that mean the same; null for none: then it does not vote.</param>
/// <param name="IsCorrect">Whether it is right.</param>
/// <param name="Reward">What a reward model thinks of it; null where it was not scored.</param>
public sealed record LabelledSample(string? Answer, bool IsCorrect, double? Reward = null);

/// <summary>A problem with samples of which the truth is known: what strategies are calibrated on without being run.</summary>
/// <param name="Id">Its name in messages.</param>
/// <param name="Samples">At least one, in the order drawn.</param>
public sealed record LabelledProblem(string Id, IReadOnlyList<LabelledSample> Samples)
{
    /// <summary>Right ones among the samples.</summary>
    public int Correct => Samples.Count(sample => sample.IsCorrect);

    /// <summary>Takes over whole thoughts; answers that mean the same get the spelling of the first of them.</summary>
    /// <param name="id">The problem's name.</param>
    /// <param name="thoughts">Answers to the problem. Those of which nobody knows whether they are right count as wrong.</param>
    /// <param name="answers">Tells which answers are the same.</param>
    public static LabelledProblem From(string id, IEnumerable<Thought> thoughts, IAnswerReader answers)
    {
        ArgumentNullException.ThrowIfNull(thoughts);
        ArgumentNullException.ThrowIfNull(answers);
        Thought[] all = [.. thoughts];
        var spelling = Ballot.Count(all, answers).SelectMany(ballot => ballot.Thoughts.Select(thought => (thought, ballot.Answer)))
            .ToDictionary(pair => pair.thought, pair => pair.Answer);
        return new LabelledProblem(
            id, [.. all.Select(t => new LabelledSample(spelling.GetValueOrDefault(t), t.IsCorrect == true, t.Reward))]);
    }

    /// <summary>Checks problems at the edge, so that nothing inside meets an empty one or a reward that is not a number.</summary>
    /// <returns>The fewest samples of any problem.</returns>
    /// <exception cref="ArgumentException">Names the problem that is at fault.</exception>
    internal static int Demand(IReadOnlyList<LabelledProblem> problems)
    {
        ArgumentNullException.ThrowIfNull(problems);
        if (problems.Count == 0)
            throw new ArgumentException("A calibration needs at least one problem.", nameof(problems));
        foreach (var problem in problems)
        {
            if (problem.Samples.Count == 0)
                throw new ArgumentException($"The problem {problem.Id} has no samples.", nameof(problems));
            if (problem.Samples.Any(sample => sample.Reward is double.NaN))
                throw new ArgumentException($"The problem {problem.Id} has a reward that is not a number.", nameof(problems));
        }
        return problems.Min(problem => problem.Samples.Count);
    }
}
