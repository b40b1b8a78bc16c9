using Ponder.Reasoning.Statistics;

namespace Ponder.Reasoning.Auto;

/// <summary>
/// Finds out whether probes are worth their tokens, honestly: on one half of the problems difficulty is learnt and strategies are chosen, for each
/// difficulty and for all, and on the other half the two choices are compared; then the halves change places (two-fold cross-validation).
/// </summary>
internal static class ProbeStudy
{
    private const int LeastProblems = 24;                       // four of each difficulty in a half
    private const double MostPart = 0.5;

    /// <summary>Whether a budget leaves something to choose for behind the probes: they may take half of it.</summary>
    public static bool IsAffordable(double budget, int probes, double answerTokens) => probes * answerTokens <= MostPart * budget;

    /// <summary>What probing gains at each budget.</summary>
    /// <param name="task">The figures.</param>
    /// <param name="trials">Those that saw every problem. Those that lean on a verifier are left out: they need no difficulty.</param>
    /// <param name="problems">What probes show of each problem, and the part of its answers that are right.</param>
    /// <param name="probes">Probes drawn.</param>
    public static IEnumerable<ProbeGain> Of(
        TaskCalibration task, IReadOnlyList<Trial> trials, IReadOnlyList<(ProbeFigures Figures, double Right)> problems, int probes)
    {
        if (problems.Count < LeastProblems)
            yield break;
        foreach (var budget in trials.Where(trial => trial.Verifier is null && IsAffordable(trial.Budget, probes, task.AnswerTokens)).GroupBy(trial => trial.Budget))
        {
            Trial[] arms = [.. budget];
            double[] costs = [.. arms.Select(arm => Cost(task, arm, probes))];
            double[] gains = [.. Half(arms, costs, problems, probes, 0), .. Half(arms, costs, problems, probes, 1)];
            yield return new ProbeGain(budget.Key, gains.Average(), StandardError.OfMean(gains));
        }
    }

    // The gain on every problem of one half, chosen by the other.
    private static IEnumerable<double> Half(
        Trial[] arms, double[] costs, IReadOnlyList<(ProbeFigures Figures, double Right)> problems, int probes, int half)
    {
        int[] learnt = [.. Enumerable.Range(0, problems.Count).Where(i => i % 2 != half)], seen = [.. Enumerable.Range(0, problems.Count).Where(i => i % 2 == half)];
        var map = DifficultyMap.Fit(probes, [.. learnt.Select(i => problems[i])]);
        int without = Best(learnt, withCosts: false);
        var chosen = learnt.GroupBy(i => map.Of(problems[i].Figures)).ToDictionary(group => group.Key, group => Best(group, withCosts: true));
        return seen.Select(i =>
        {
            int with = chosen.GetValueOrDefault(map.Of(problems[i].Figures), without);
            return arms[with].Right[i] - costs[with] - arms[without].Right[i];
        });

        int Best(IEnumerable<int> among, bool withCosts)
        {
            int[] all = [.. among];
            return Enumerable.Range(0, arms.Length).MaxBy(arm => all.Average(i => arms[arm].Right[i]) - (withCosts ? costs[arm] : 0));
        }
    }

    // What a strategy loses when the probes' tokens are taken from it. One that draws whole answers counts them as its own.
    private static double Cost(TaskCalibration task, Trial arm, int probes)
    {
        if (ProbeUse.Of(arm.Family).AreSamples)
            return 0;
        var curve = new FamilyCurve(task, arm.Family, task.Entries.Where(entry => StrategyFamily.Of(entry.Strategy).Family.Text == arm.Family.Text), Difficulty.All);
        double left = arm.Budget - (probes * task.AnswerTokens);
        return curve.At(arm.Budget).Expected - (left >= 1 ? curve.At(left).Expected : 0);
    }
}
