using System.Globalization;
using System.Text;

namespace Ponder.Reasoning.Layers;

/// <summary>What a search tried, as a table.</summary>
public static class TrialTable
{
    /// <summary>What was tried, as CSV with a heading: a line for each plan.</summary>
    public static string Write(IEnumerable<Trial> trials)
    {
        ArgumentNullException.ThrowIfNull(trials);
        var text = new StringBuilder("trial,problems,accuracy,tokens,overruns,fitness,plan\n");
        foreach (var trial in trials)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"{trial.Number},{trial.Scores.Count},{trial.Value:0.####},{trial.Tokens:0.#},{trial.Overruns:0.####},{trial.Fitness:0.####},\"{PlanReport.Line(trial.Plan).Replace("\"", "\"\"", StringComparison.Ordinal)}\"\n");
        }
        return text.ToString();
    }
}
