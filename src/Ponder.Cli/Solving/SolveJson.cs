using System.Globalization;
using System.Text.Json;
using Ponder.Reasoning.Budgets;
using Ponder.Reasoning.Solving;
using Ponder.Reasoning.Statistics;

namespace Ponder.Cli.Solving;

/// <summary>Results of <c>ponder solve</c> as lines of JSON.</summary>
internal static class SolveJson
{
    /// <summary>One problem.</summary>
    public static string Line(Outcome outcome, Digest digest) => JsonText.Of(json =>
    {
        var ledger = outcome.Ledger;
        json.WriteStartObject();
        json.WriteString("problem", outcome.Problem.Question.TrimEnd('\n'));
        json.WriteString("task", outcome.Problem.Task);
        json.WriteString("id", outcome.Problem.Id);
        json.WriteString("strategy", outcome.Strategy);
        json.WriteString("answer", Digest.AnswerOf(outcome, Digest.PuzzleOf(outcome.Problem)));
        json.WriteString("text", outcome.Chosen?.Text);
        json.WriteNumberOrNull("confidence", outcome.Confidence);
        json.WriteBooleanOrNull("correct", outcome.IsCorrect);
        json.WriteNumber("samples", digest.Samples);
        json.WriteNumber("samples_correct", digest.SamplesCorrect);
        WriteTokens(json, ledger);
        json.WriteNumber("seconds", Seconds(ledger.Time));
        json.WriteStartObject("ledger");
        WriteLedger(json, ledger);
        json.WriteStartArray("steps");
        foreach (var step in ledger.Steps)
        {
            json.WriteStartObject();
            Write(json, step);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteStartArray("notes");
        foreach (string note in outcome.Notes)
            json.WriteStringValue(note);
        json.WriteEndArray();
        json.WriteEndObject();
    });

    /// <summary>All problems together.</summary>
    public static string Line(Totals totals) => JsonText.Of(json =>
    {
        json.WriteStartObject();
        json.WriteStartObject("summary");
        json.WriteNumber("problems", totals.Problems);
        json.WriteNumberOrNull("accuracy", totals.Accuracy);
        json.WriteNumberOrNull("standard_error", totals.StandardError);
        json.WriteStartObject("pass_at");
        foreach (var (k, value) in totals.PassAt)
            json.WriteNumber(k.ToString(CultureInfo.InvariantCulture), value);
        json.WriteEndObject();
        json.WriteNumberOrNull("majority_accuracy", totals.MajorityAccuracy);
        if (totals.Reward is { } reward)
            Write(json, reward);
        WriteTokens(json, totals.Sum);
        json.WriteNumber("seconds", Math.Round(totals.Seconds, 4));
        json.WriteStartObject("means");
        double problems = totals.Problems;
        json.WriteNumber("generated", totals.Sum.GeneratedTokens / problems);
        json.WriteNumber("prompt", totals.Sum.PromptTokens / problems);
        json.WriteNumber("shared", totals.Sum.SharedTokens / problems);
        json.WriteNumber("reward", totals.Sum.RewardTokens / problems);
        json.WriteNumber("sequential", totals.Sum.SequentialTokens / problems);
        json.WriteNumber("samples", totals.Sum.Samples / problems);
        json.WriteNumber("verified", totals.Sum.Verified / problems);
        json.WriteNumberOrNull("kv_average", totals.Sum.AverageKvTokens);
        json.WriteNumber("kv_peak", totals.Sum.PeakKvTokens);
        json.WriteNumberOrNull("flops", totals.Sum.Flops / problems);
        json.WriteNumberOrNull("bytes", totals.Sum.Bytes / problems);
        json.WriteNumber("seconds", Math.Round(totals.Sum.Time.TotalSeconds / problems, 4));
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
    });

    /// <summary>The fields of a ledger's entry.</summary>
    public static void Write(Utf8JsonWriter json, LedgerStep step)
    {
        json.WriteString("name", step.Name);
        json.WriteNumber("thoughts", step.Thoughts);
        json.WriteNumber("generated", step.GeneratedTokens);
        json.WriteNumber("sequential", step.SequentialTokens);
        json.WriteNumber("prompt", step.PromptTokens);
        json.WriteNumber("shared", step.SharedTokens);
        json.WriteNumber("recomputed", step.RecomputedTokens);
        json.WriteNumber("reward", step.RewardTokens);
        json.WriteNumber("kv", step.KvTokens);
        json.WriteNumberOrNull("kv_average", step.AverageKvTokens);
        json.WriteNumberOrNull("flops", step.Flops);
        json.WriteNumberOrNull("bytes", step.Bytes);
        json.WriteNumber("seconds", Seconds(step.Time));
    }

    // What the rewards of labelled problems are worth.
    private static void Write(Utf8JsonWriter json, FalsePositiveEstimate reward)
    {
        json.WriteStartObject("best_of_n");
        json.WriteStartObject("accuracy_at");
        foreach (var point in reward.Curve)
            json.WriteNumber(point.Samples.ToString(CultureInfo.InvariantCulture), point.Accuracy.Estimate);
        json.WriteEndObject();
        json.WriteNumber("best_n", reward.BestN);
        json.WriteNumber("best_n_low", reward.LeastBestN);
        json.WriteNumber("best_n_high", reward.MostBestN);
        json.WriteBoolean("falls", reward.Falls);
        json.WriteNumberOrNull("false_positive_rate", reward.FalsePositiveRate?.Estimate);
        json.WriteString("text", reward.Text);
        json.WriteEndObject();
    }

    /// <summary>A number; null where there is none, or where it is not a number.</summary>
    public static void WriteNumberOrNull(this Utf8JsonWriter json, string name, double? value)
    {
        if (value is double number && double.IsFinite(number))
            json.WriteNumber(name, number);
        else
            json.WriteNull(name);
    }

    /// <summary>True, false or null.</summary>
    public static void WriteBooleanOrNull(this Utf8JsonWriter json, string name, bool? value)
    {
        if (value is bool known)
            json.WriteBoolean(name, known);
        else
            json.WriteNull(name);
    }

    private static void WriteTokens(Utf8JsonWriter json, Ledger ledger)
    {
        json.WriteStartObject("tokens");
        json.WriteNumber("generated", ledger.GeneratedTokens);
        json.WriteNumber("prompt", ledger.PromptTokens);
        json.WriteNumber("shared", ledger.SharedTokens);
        json.WriteNumber("reward", ledger.RewardTokens);
        json.WriteEndObject();
    }

    private static void WriteLedger(Utf8JsonWriter json, Ledger ledger)
    {
        json.WriteNumber("sequential", ledger.SequentialTokens);
        json.WriteNumber("samples", ledger.Samples);
        json.WriteNumber("verified", ledger.Verified);
        json.WriteNumber("recomputed", ledger.RecomputedTokens);
        json.WriteNumberOrNull("kv_average", ledger.AverageKvTokens);
        json.WriteNumber("kv_peak", ledger.PeakKvTokens);
        json.WriteNumberOrNull("flops", ledger.Flops);
        json.WriteNumberOrNull("bytes", ledger.Bytes);
        json.WriteNumber("seconds", Seconds(ledger.Time));
    }

    private static double Seconds(TimeSpan time) => Math.Round(time.TotalSeconds, 4);
}
