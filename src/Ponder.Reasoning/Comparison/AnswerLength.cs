using Ponder.Reasoning.Budgets;
using Ponder.Reasoning.Policies;
using Ponder.Reasoning.Problems;
using Ponder.Reasoning.Sessions;
using Ponder.Reasoning.Solving;
using Ponder.Reasoning.Strategies;

namespace Ponder.Reasoning.Comparison;

/// <summary>How long a policy's answers are: what strategies are fitted to budgets by.</summary>
public static class AnswerLength
{
    /// <summary>Problems that are asked.</summary>
    public const int Problems = 32;

    private const ulong Seed = 0x5EED;                          // its own, and always the same: the seeds of a grid do not change its sizes

    /// <summary>Draws single answers to the first problems.</summary>
    /// <param name="policy">Who answers.</param>
    /// <param name="problems">At least one; no more than <see cref="Problems"/> of them are used.</param>
    /// <param name="settings">How tokens are drawn; its budget, seed and judges are not used.</param>
    /// <param name="stop">Cancels within one step.</param>
    /// <returns>Tokens of an answer on average, at least 1.</returns>
    public static async Task<double> MeasureAsync(
        IPolicy policy, IReadOnlyList<Problem> problems, SolveSettings settings, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(problems);
        ArgumentNullException.ThrowIfNull(settings);
        var solver = new Solver(policy, new SingleAnswer(), settings with { Budget = Budget.Unlimited, Seed = Seed, Reward = null }) { Parallel = Problems };
        double tokens = 0;
        int answers = 0;
        await foreach (var outcome in solver.SolveAsync([.. problems.Take(Problems)], stop: stop).ConfigureAwait(false))
        {
            if (outcome.Ledger.GeneratedTokens == 0)
                continue;                                       // a prompt that is too long
            tokens += outcome.Ledger.GeneratedTokens;
            answers++;
        }
        return answers == 0 ? 1 : tokens / answers;
    }
}
