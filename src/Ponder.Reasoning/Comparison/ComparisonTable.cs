using Ponder.Reasoning.Statistics;

namespace Ponder.Reasoning.Comparison;

/// <summary>What a grid says: a point for each strategy and budget, held against the control.</summary>
/// <param name="Grid">The grid.</param>
/// <param name="Problems">How many problems each cell has.</param>
/// <param name="Points">Strategy by strategy, the smallest budget first.</param>
public sealed record ComparisonTable(ComparisonGrid Grid, int Problems, IReadOnlyList<ComparisonPoint> Points)
{
    /// <summary>What follows, in a sentence for each strategy but the control.</summary>
    public IReadOnlyList<string> Findings { get; } = [.. Grid.Strategies.Where(strategy => strategy != Grid.Control).Select(strategy => Finding(strategy, Grid.Control, Points))];

    /// <summary>Sums up a grid that is done.</summary>
    /// <param name="grid">The grid.</param>
    /// <param name="cells">Its cells, fitted as they ran.</param>
    /// <param name="resultsOf">A cell's results, a problem each, in the same order for all cells; at least one.</param>
    public static ComparisonTable Of(ComparisonGrid grid, IReadOnlyList<GridCell> cells, Func<GridCell, IReadOnlyList<CellResult>> resultsOf)
    {
        ArgumentNullException.ThrowIfNull(grid);
        ArgumentNullException.ThrowIfNull(cells);
        ArgumentNullException.ThrowIfNull(resultsOf);
        var groups = cells.GroupBy(cell => (cell.Strategy, cell.Budget)).ToDictionary(
            group => group.Key, group => group.Select(resultsOf).ToArray());
        var accuracies = groups.ToDictionary(group => group.Key, group => OverSeeds(group.Value));
        var points =
            from strategy in grid.Strategies
            from budget in grid.Budgets
            let runs = groups[(strategy, budget)]
            let all = runs.SelectMany(run => run).ToArray()
            select new ComparisonPoint
            {
                Strategy = strategy,
                Sized = all[0].Cell.Sized,
                Budget = budget,
                Accuracy = Bootstrap.OfMean(accuracies[(strategy, budget)]),
                Costs = [.. CostAxis.All.Select(axis => all.Average(axis.Of))],
                RewardTokens = all.Average(result => (double)result.RewardTokens),
                AgainstControl = strategy == grid.Control ? null
                    : new ControlDifference(PairedDifference.Of(accuracies[(strategy, budget)], accuracies[(grid.Control, budget)])),
            };
        return new ComparisonTable(grid, resultsOf(cells[0]).Count, WithFronts([.. points]));
    }

    // A figure a problem: the part of the seeds with which it was right.
    private static double[] OverSeeds(IReadOnlyList<CellResult>[] runs) =>
        [.. Enumerable.Range(0, runs[0].Count).Select(problem => runs.Average(run => run[problem].IsCorrect ? 1.0 : 0))];

    private static ComparisonPoint[] WithFronts(ComparisonPoint[] points)
    {
        var fronts = CostAxis.All.Select(axis => (Axis: axis, On: ParetoFront.Of([.. points.Select(point => (point.Cost(axis), point.Accuracy.Estimate))]))).ToArray();
        return [.. points.Select((point, i) => point with { Front = [.. fronts.Where(front => front.On[i]).Select(front => front.Axis)] })];
    }

    private static string Finding(string strategy, string control, IReadOnlyList<ComparisonPoint> points)
    {
        var own = points.Where(point => point.Strategy == strategy).ToArray();
        string[] better = At(ComparisonVerdict.Better), worse = At(ComparisonVerdict.Worse);
        string beats = better.Length > 0 ? $"beats {control} at {Join(better)} tokens" : $"does not beat {control} at any budget";
        string loses = worse.Length == 0 ? ""
            : worse.Length == own.Length && own.Length > 1 ? ", and does worse at all of them"
            : $", and does worse at {Join(worse)} tokens";
        return $"{strategy} {beats}{loses}.";

        string[] At(ComparisonVerdict verdict) =>
            [.. own.Where(point => point.AgainstControl!.Verdict == verdict).Select(point => TokenBudgets.Name(point.Budget))];
    }

    private static string Join(string[] budgets) => budgets.Length == 1 ? budgets[0] : $"{string.Join(", ", budgets[..^1])} and {budgets[^1]}";
}
