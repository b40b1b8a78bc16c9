using System.Globalization;
using Ponder.Reasoning.Solving;

namespace Ponder.Cli.Solving;

/// <summary>Results of <c>ponder solve</c> as lines of JSON.</summary>
internal static class SolveJson
{
    /// <summary>One problem.</summary>
    public static string Line(PuzzleResult result) => JsonText.Of(json =>
    {
        json.WriteStartObject();
        json.WriteString("problem", result.Puzzle.Prompt.TrimEnd('\n'));
        json.WriteString("task", result.Puzzle.Task);
        json.WriteString("answer", result.Answer);
        json.WriteBoolean("correct", result.IsCorrect);
        json.WriteNumber("samples", result.Samples.Count);
        json.WriteNumber("samples_correct", result.SamplesCorrect);
        WriteTokens(json, result.GeneratedTokens, result.PromptTokens);
        json.WriteNumber("seconds", Math.Round(result.Seconds, 4));
        json.WriteEndObject();
    });

    /// <summary>All problems together.</summary>
    public static string Line(SolveSummary summary) => JsonText.Of(json =>
    {
        json.WriteStartObject();
        json.WriteStartObject("summary");
        json.WriteNumber("problems", summary.Problems);
        json.WriteNumber("accuracy", summary.Accuracy);
        json.WriteStartObject("pass_at");
        foreach (var (k, value) in summary.PassAt)
            json.WriteNumber(k.ToString(CultureInfo.InvariantCulture), value);
        json.WriteEndObject();
        json.WriteNumber("majority_accuracy", summary.MajorityAccuracy);
        WriteTokens(json, summary.GeneratedTokens, summary.PromptTokens);
        json.WriteNumber("seconds", Math.Round(summary.Seconds, 4));
        json.WriteEndObject();
        json.WriteEndObject();
    });

    private static void WriteTokens(System.Text.Json.Utf8JsonWriter json, int generated, int prompt)
    {
        json.WriteStartObject("tokens");
        json.WriteNumber("generated", generated);
        json.WriteNumber("prompt", prompt);
        json.WriteEndObject();
    }
}
