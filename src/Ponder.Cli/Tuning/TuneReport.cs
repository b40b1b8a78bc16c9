using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Ponder.Cli.Tuning;

/// <summary>Writes what a search measured and chose.</summary>
internal static class TuneReport
{
    private static readonly string[] Titles = ["minimum", "median", "maximum", "runs", "prompt", "decode", ""];

    /// <summary>A table for people, and what follows from it.</summary>
    /// <param name="model">What the user calls the model.</param>
    /// <param name="options">What was searched.</param>
    /// <param name="result">What was found.</param>
    public static string Text(string model, IReadOnlyList<TunedOption> options, TuneResult result)
    {
        var text = new StringBuilder();
        text.Append(Invariant($"{model}: {result.Work}\n\n"));
        List<string[]> rows = [[.. options.Select(option => option.Name), .. Titles]];
        rows.AddRange(result.Points.Select(point => Row(point, options, result)));
        int[] widths = [.. Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length))];
        foreach (string[] row in rows)
            text.Append(string.Join("  ", row.Select((cell, column) => cell.PadLeft(widths[column]))).TrimEnd()).Append('\n');
        text.Append("\nTokens per second: of prompts and answers in all, then of prompts until all answers have begun, and of answers from there.\n");
        foreach (var duel in result.Duels)
            text.Append(Sentence(duel)).Append('\n');
        if (!result.IsComplete)
            text.Append("Time was over before everything was measured; --seconds gives more.\n");
        text.Append(Verdict(result));
        return text.ToString();
    }

    /// <summary>One object for programs.</summary>
    /// <param name="model">What the user calls the model.</param>
    /// <param name="options">What was searched.</param>
    /// <param name="result">What was found.</param>
    /// <param name="written">Where the profile is; null where none was written.</param>
    public static string Json(string model, IReadOnlyList<TunedOption> options, TuneResult result, string? written) => JsonText.Of(json =>
    {
        json.WriteStartObject();
        json.WriteString("model", model);
        json.WriteStartObject("workload");
        json.WriteString("name", result.Work.Name);
        json.WriteNumber("prompt", result.Work.Prompt);
        json.WriteNumber("answer", result.Work.Answer);
        json.WriteNumber("requests", result.Work.Requests);
        json.WriteNumber("samples", result.Work.Samples);
        json.WriteEndObject();
        json.WriteStartArray("points");
        foreach (var point in result.Points)
            Write(json, point, options, result);
        json.WriteEndArray();
        json.WriteStartArray("duels");
        foreach (var duel in result.Duels)
        {
            json.WriteStartObject();
            json.WriteString("option", duel.Option);
            json.WriteString("value", duel.Value);
            json.WriteNumber("wins", duel.Wins);
            json.WriteNumber("pairs", duel.Pairs);
            json.WriteNumber("gain", Math.Round(duel.Gain, 4));
            json.WriteBoolean("holds", duel.Holds);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteBoolean("complete", result.IsComplete);
        json.WriteNumber("gain", Math.Round(result.Gain, 4));
        json.WriteString("profile", written);
        json.WriteEndObject();
    });

    private static string Sentence(Duel duel) => duel.Holds
        ? Invariant($"{duel.Option} {duel.Value} won {duel.Wins} of {duel.Pairs} pairs of runs, {100 * duel.Gain:0.0}% faster in the middle.")
        : Invariant($"{duel.Option} {duel.Value} looked faster, but won only {duel.Wins} of {duel.Pairs} pairs of runs ({100 * duel.Gain:+0.0;-0.0}% in the middle): noise.");

    private static string Verdict(TuneResult result) => result.HasGain
        ? Invariant($"The best is {100 * result.Gain:0.0}% faster than the default.")
        : Invariant($"Nothing is faster than the default beyond noise (at least {100 * Tuner.LeastGain:0}%, and {Tuner.DuelWins} of {Tuner.DuelPairs} pairs of runs): it stays.");

    private static string[] Row(TunePoint point, IReadOnlyList<TunedOption> options, TuneResult result)
    {
        var rate = point.Rate;
        return
        [
            .. options.Select(option => option.Read(point.Options)),
            Invariant($"{rate.Min:0.0}"), Invariant($"{rate.Median:0.0}"), Invariant($"{rate.Max:0.0}"), Invariant($"{point.Runs.Count}"),
            Invariant($"{point.PromptRate:0.0}"), Invariant($"{point.DecodeRate:0.0}"),
            (point == result.Default ? " default" : "") + (point == result.Best ? " best" : ""),
        ];
    }

    private static void Write(Utf8JsonWriter json, TunePoint point, IReadOnlyList<TunedOption> options, TuneResult result)
    {
        json.WriteStartObject();
        json.WriteStartObject("options");
        foreach (var option in options)
            json.WriteString(option.Name, option.Read(point.Options));
        json.WriteEndObject();
        var rate = point.Rate;
        json.WriteNumber("min", Math.Round(rate.Min, 2));
        json.WriteNumber("median", Math.Round(rate.Median, 2));
        json.WriteNumber("max", Math.Round(rate.Max, 2));
        json.WriteNumber("runs", point.Runs.Count);
        json.WriteNumber("prompt", Math.Round(point.PromptRate, 2));
        json.WriteNumber("decode", Math.Round(point.DecodeRate, 2));
        json.WriteBoolean("default", point == result.Default);
        json.WriteBoolean("best", point == result.Best);
        json.WriteEndObject();
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
