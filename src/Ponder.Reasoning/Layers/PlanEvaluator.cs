using Ponder.Reasoning.Policies;
using Ponder.Reasoning.Problems;
using Ponder.Reasoning.Sessions;
using Ponder.Reasoning.Solving;

namespace Ponder.Reasoning.Layers;

/// <summary>Tries plans on problems whose truth is known. A problem has the same seed for every plan.</summary>
/// <param name="policy">Who thinks.</param>
/// <param name="settings">How, and what may be spent on a problem.</param>
/// <param name="problems">At least one, each with a grader.</param>
public sealed class PlanEvaluator(IPolicy policy, SolveSettings settings, IReadOnlyList<Problem> problems)
{
    /// <summary>Problems that are thought about at the same time, at least 1.</summary>
    public int Parallel { get; init; } = 4;

    /// <summary>Tries a plan on some of the problems.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="first">The place of the first problem.</param>
    /// <param name="count">How many.</param>
    /// <param name="stop">Cancels within one step of the engine.</param>
    /// <exception cref="LayerException">The plan's parts do not fit together, or nobody knows whether an answer is right.</exception>
    public async Task<IReadOnlyList<PlanScore>> EvaluateAsync(LayerPlan plan, int first, int count, CancellationToken stop)
    {
        Problem[] some = [.. problems.Skip(first).Take(count)];
        if (some.FirstOrDefault(problem => problem.Grader is null) is { } unknown)
            throw new LayerException($"Plans are tried on problems whose answers are known, and that of problem {unknown.Id} is not.");
        var seeded = settings with { Seed = settings.Seed + (ulong)first };
        var scores = new List<PlanScore>();
        await foreach (var outcome in new Solver(policy, new LayerStrategy(plan), seeded) { Parallel = Parallel }.SolveAsync(some, stop: stop).ConfigureAwait(false))
        {
            bool isOver = outcome.Thoughts.Any(thought => thought.End == ThoughtEnd.Budget);
            scores.Add(new PlanScore(outcome.IsCorrect == true ? 1 : 0, outcome.Ledger.GeneratedTokens, isOver));
        }
        return scores;
    }
}
