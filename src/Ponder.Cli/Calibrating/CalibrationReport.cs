using System.Globalization;
using System.Text;
using Ponder.Reasoning.Auto;

namespace Ponder.Cli.Calibrating;

/// <summary>A calibration as people read it: for every task the best of each budget, and what judges do.</summary>
internal static class CalibrationReport
{
    private const int Shown = 4;

    /// <summary>The report.</summary>
    public static string Text(CalibrationTable table)
    {
        var text = new StringBuilder();
        foreach (var task in table.Tasks)
        {
            Line(text, $"{task.Task}: {task.Problems} problems, {task.AnswerTokens:0.0} tokens a usual answer");
            foreach (var budget in task.Entries.GroupBy(entry => entry.Budget))
            {
                Line(text, $"  {budget.Key} tokens");
                // Of every family the best size.
                var best = budget.GroupBy(entry => StrategyNameOf(entry)).Select(family => family.MaxBy(entry => entry.On(Difficulty.All).Accuracy)!)
                    .OrderByDescending(entry => entry.On(Difficulty.All).Accuracy);
                foreach (var entry in best.Take(Shown))
                {
                    var result = entry.On(Difficulty.All);
                    string leaning = entry.Verifier is null ? "" : ", checked";
                    Line(text, $"    {entry.Strategy,-32} {result.Accuracy:0.000} ±{result.StandardError:0.000}  {result.Tokens:0} tokens{leaning}");
                }
                if (task.Probing.FirstOrDefault(gain => gain.Budget == budget.Key) is { } gain)
                    Line(text, $"    probes {(gain.Pays ? "pay" : "do not pay")}: {100 * gain.Gain:+0.0;-0.0;0.0} points ±{100 * gain.StandardError:0.0}");
            }
            foreach (var judge in task.Judges)
            {
                var (first, last) = (judge.Accuracies[0], judge.Accuracies[^1]);
                string rate = judge.FalsePositiveRate is double part ? string.Create(CultureInfo.InvariantCulture, $" takes {100 * part:0} % of wrong answers for right;") : "";
                string course = judge.Falls ? string.Create(CultureInfo.InvariantCulture, $"falls beyond {judge.BestSamples} answers") : "does not fall";
                Line(text, $"  {judge.Judge}:{rate} choosing by it {course} ({first.Accuracy:0.00} for {first.Samples}, {last.Accuracy:0.00} for {last.Samples})");
            }
        }
        return text.ToString().TrimEnd('\n');
    }

    private static string StrategyNameOf(CalibrationEntry entry) => entry.Strategy.Split(' ')[0];

    private static void Line(StringBuilder text, FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
