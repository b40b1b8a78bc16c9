using System.Globalization;
using Ponder.Cli.Solving;
using Ponder.Reasoning.Comparison;

namespace Ponder.Cli.Comparing;

/// <summary>A comparison for people: a table for each budget, and what follows.</summary>
/// <param name="output">Where it is written.</param>
internal sealed class ComparisonReport(TextWriter output)
{
    /// <summary>Writes it.</summary>
    public void Write(ComparisonSubject subject, ComparisonTable table)
    {
        var grid = table.Grid;
        string reward = subject.Reward is null ? "" : $", reward {subject.Reward}";
        output.WriteLine($"{subject.Model} on {Units.Times(table.Problems, "problem")} ({subject.Problems}), {Units.Times(grid.Seeds.Count, "seed")}{reward}; the control is {grid.Control}");
        foreach (long budget in grid.Budgets)
        {
            output.WriteLine();
            output.WriteLine($"{TokenBudgets.Name(budget)} tokens a problem");
            var points = table.Points.Where(point => point.Budget == budget).OrderByDescending(point => point.Accuracy.Estimate);
            WriteColumns([["", "accuracy", "95 %", "tokens", "reward", "one after another", "seconds", "KV memory", "against the control", ""], .. points.Select(Row)]);
        }
        output.WriteLine();
        output.WriteLine("* on the Pareto front of accuracy and tokens, over all budgets");
        foreach (string finding in table.Findings)
            output.WriteLine(finding);
    }

    private static string[] Row(ComparisonPoint point)
    {
        double kv = point.Cost(CostAxis.AverageKv);
        return
        [
            $"{(point.Front.Contains(CostAxis.Tokens) ? '*' : ' ')} {point.Sized}",
            Text("0.000", point.Accuracy.Estimate),
            $"{Text("0.000", point.Accuracy.Low)} to {Text("0.000", point.Accuracy.High)}",
            Text("#,0", point.Cost(CostAxis.Tokens)),
            Text("#,0", point.RewardTokens),
            Text("#,0", point.Cost(CostAxis.Sequential)),
            Text("0.0000", point.Cost(CostAxis.Seconds)),
            double.IsFinite(kv) ? Units.Of(kv, "B") : "?",
            point.AgainstControl is { Paired.Difference: var difference }
                ? $"{Text("+0.000;-0.000", difference.Estimate)} ({Text("+0.000;-0.000", difference.Low)} to {Text("+0.000;-0.000", difference.High)})"
                : "the control",
            point.AgainstControl?.Words ?? "",
        ];
    }

    // The first column and the last two are texts, all others figures.
    private void WriteColumns(IReadOnlyList<string[]> rows)
    {
        int[] widths = [.. Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length))];
        foreach (string[] row in rows)
        {
            var cells = row.Select((cell, column) => column == 0 || column >= row.Length - 2 ? cell.PadRight(widths[column]) : cell.PadLeft(widths[column]));
            output.WriteLine(string.Join("  ", cells).TrimEnd());
        }
    }

    private static string Text(string format, double value) => value.ToString(format, CultureInfo.InvariantCulture);
}
