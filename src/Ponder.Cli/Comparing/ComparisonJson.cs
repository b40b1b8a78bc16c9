using System.Text.Json;
using Ponder.Cli.Solving;
using Ponder.Reasoning.Comparison;

namespace Ponder.Cli.Comparing;

/// <summary>What a comparison was of.</summary>
/// <param name="Model">The model's name.</param>
/// <param name="Problems">Where the problems come from.</param>
/// <param name="Reward">The reward; null for none.</param>
/// <param name="AnswerTokens">Tokens of a usual answer.</param>
internal sealed record ComparisonSubject(string Model, string Problems, string? Reward, double AnswerTokens);

/// <summary>A comparison as JSON: <c>results.json</c>, what <c>--json</c> prints, and the data of the page.</summary>
internal static class ComparisonJson
{
    /// <summary>Writes all of it.</summary>
    public static void Write(Utf8JsonWriter json, ComparisonSubject subject, ComparisonTable table)
    {
        json.WriteStartObject();
        json.WriteString("model", subject.Model);
        json.WriteString("problems", subject.Problems);
        json.WriteNumber("problem_count", table.Problems);
        json.WriteString("reward", subject.Reward);
        json.WriteNumber("answer_tokens", subject.AnswerTokens);
        json.WriteString("control", table.Grid.Control);
        Strings(json, "strategies", table.Grid.Strategies);
        json.WriteStartArray("budgets");
        foreach (long budget in table.Grid.Budgets)
            json.WriteNumberValue(budget);
        json.WriteEndArray();
        json.WriteStartArray("seeds");
        foreach (ulong seed in table.Grid.Seeds)
            json.WriteNumberValue(seed);
        json.WriteEndArray();
        json.WriteStartArray("axes");
        foreach (var axis in CostAxis.All)
        {
            json.WriteStartObject();
            json.WriteString("name", axis.Name);
            json.WriteString("label", axis.Label);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteStartArray("points");
        foreach (var point in table.Points)
            Write(json, point);
        json.WriteEndArray();
        Strings(json, "findings", table.Findings);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, ComparisonPoint point)
    {
        json.WriteStartObject();
        json.WriteString("strategy", point.Strategy);
        json.WriteString("sized", point.Sized);
        json.WriteNumber("budget", point.Budget);
        json.WriteNumber("accuracy", point.Accuracy.Estimate);
        json.WriteNumber("low", point.Accuracy.Low);
        json.WriteNumber("high", point.Accuracy.High);
        json.WriteStartObject("costs");
        foreach (var axis in CostAxis.All)
            json.WriteNumberOrNull(axis.Name, point.Cost(axis));
        json.WriteEndObject();
        json.WriteNumber("reward_tokens", point.RewardTokens);
        Strings(json, "front", point.Front.Select(axis => axis.Name));
        json.WritePropertyName("against_control");
        if (point.AgainstControl is { Paired: var paired } against)
        {
            json.WriteStartObject();
            json.WriteNumber("difference", paired.Difference.Estimate);
            json.WriteNumber("low", paired.Difference.Low);
            json.WriteNumber("high", paired.Difference.High);
            json.WriteNumber("problems_better", paired.FirstBetter);
            json.WriteNumber("problems_worse", paired.SecondBetter);
            json.WriteString("verdict", against.Words);
            json.WriteEndObject();
        }
        else
            json.WriteNullValue();
        json.WriteEndObject();
    }

    private static void Strings(Utf8JsonWriter json, string name, IEnumerable<string> values)
    {
        json.WriteStartArray(name);
        foreach (string value in values)
            json.WriteStringValue(value);
        json.WriteEndArray();
    }
}
