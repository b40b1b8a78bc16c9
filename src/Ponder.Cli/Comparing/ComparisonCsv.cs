using System.Buffers;
using System.Globalization;
using Ponder.Reasoning.Comparison;

namespace Ponder.Cli.Comparing;

/// <summary>A comparison as a table of comma-separated values (RFC 4180, with line feeds): a row for each strategy and budget.</summary>
internal static class ComparisonCsv
{
    private static readonly SearchValues<char> Special = SearchValues.Create(",\"\r\n");

    /// <summary>The whole file.</summary>
    public static string Of(ComparisonTable table)
    {
        string[] names =
        [
            "strategy", "sized", "budget", "problems", "seeds", "accuracy", "accuracy_low", "accuracy_high",
            .. CostAxis.All.Select(axis => axis.Name), "reward_tokens", "front",
            "control", "difference", "difference_low", "difference_high", "problems_better", "problems_worse", "verdict",
        ];
        var rows = table.Points.Select(point => Row(table, point)).Prepend(names);
        return string.Concat(rows.Select(row => string.Join(',', row.Select(Quoted)) + "\n"));
    }

    /// <summary>A field, in quotes where it needs them.</summary>
    internal static string Quoted(string field) =>
        field.AsSpan().ContainsAny(Special) ? $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : field;

    private static string[] Row(ComparisonTable table, ComparisonPoint point)
    {
        var paired = point.AgainstControl?.Paired;
        return
        [
            point.Strategy, point.Sized, Text(point.Budget), Text(table.Problems), Text(table.Grid.Seeds.Count),
            Text(point.Accuracy.Estimate), Text(point.Accuracy.Low), Text(point.Accuracy.High),
            .. point.Costs.Select(Text), Text(point.RewardTokens), string.Join(' ', point.Front.Select(axis => axis.Name)),
            table.Grid.Control, Text(paired?.Difference.Estimate), Text(paired?.Difference.Low), Text(paired?.Difference.High),
            Text(paired?.FirstBetter), Text(paired?.SecondBetter), point.AgainstControl?.Words ?? "",
        ];
    }

    private static string Text(double value) => Text((double?)value);

    // What nobody knows is left empty.
    private static string Text(double? value) => value is double number && double.IsFinite(number) ? number.ToString("R", CultureInfo.InvariantCulture) : "";
}
