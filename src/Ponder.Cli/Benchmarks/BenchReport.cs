using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Ponder.Cli.Benchmarks;

/// <summary>Writes what was measured.</summary>
internal static class BenchReport
{
    private static readonly string[] Titles = ["tokens/s", "minimum", "median", "maximum", "GB/s", "of read", "TFLOPS"];

    /// <summary>A table for people.</summary>
    public static string Text(BenchResult result)
    {
        var text = new StringBuilder();
        string isa = result.Isa == "scalar" ? "scalar code" : $"{result.Isa}-bit vectors";
        text.Append(Invariant($"{result.Model}: {isa}, KV {result.Kv}, {result.Threads} threads, runs of each case: {result.Plan.Runs}\n"));
        var read = result.ReadBandwidth;
        text.Append(Invariant($"memory read, GB/s: {read.Min / 1e9:0.0} / {read.Median / 1e9:0.0} / {read.Max / 1e9:0.0} (minimum / median / maximum)\n\n"));
        var rows = new List<string[]> { Titles };
        string shared = result.Plan.SharedPrefix > 0 ? $" sharing {result.Plan.SharedPrefix}" : "";
        rows.AddRange(result.Prefill.Select(c => Row($"prefill {c.Size}", c, read.Median)));
        rows.AddRange(result.Decode.Select(c => Row($"decode after {c.Size}", c, read.Median)));
        rows.AddRange(result.Branches.Select(c => Row($"{c.Size} branches of {result.Plan.BranchPrompt}{shared}", c, read.Median)));
        int first = rows.Max(row => row[0].Length);
        foreach (string[] row in rows)
            text.Append(row[0].PadRight(first)).AppendJoin("", row.Skip(1).Select(cell => cell.PadLeft(10))).Append('\n');
        return text.Append("\nGB/s (weights read) and TFLOPS (matrix products) are those of the median run.").ToString();
    }

    /// <summary>One object for programs: tokens per second.</summary>
    public static string Json(BenchResult result) => JsonText.Of(json =>
    {
        json.WriteStartObject();
        json.WriteString("isa", result.Isa);
        json.WriteString("kv", result.Kv);
        json.WriteNumber("threads", result.Threads);
        json.WriteString("model", result.Model);
        json.WriteNumber("runs", result.Plan.Runs);
        json.WriteNumber("read_bandwidth_gb_s", Rounded(result.ReadBandwidth.Median / 1e9));
        json.WriteNumber("branch_prompt", result.Plan.BranchPrompt);
        json.WriteNumber("shared_prefix", result.Plan.SharedPrefix);
        Write(json, "prefill", result.Prefill);
        Write(json, "decode", result.Decode);
        Write(json, "branches", result.Branches);
        json.WriteEndObject();
    });

    private static void Write(Utf8JsonWriter json, string name, IEnumerable<BenchCase> cases)
    {
        json.WriteStartObject(name);
        foreach (var measured in cases)
        {
            json.WriteStartObject(measured.Size.ToString(CultureInfo.InvariantCulture));
            json.WriteNumber("min", Rounded(measured.TokensPerSecond.Min));
            json.WriteNumber("median", Rounded(measured.TokensPerSecond.Median));
            json.WriteNumber("max", Rounded(measured.TokensPerSecond.Max));
            json.WriteNumber("gb_s", Rounded(measured.BytesPerSecond / 1e9));
            json.WriteNumber("tflops", Rounded(measured.OperationsPerSecond / 1e12));
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }

    private static string[] Row(string name, BenchCase measured, double read)
    {
        var rate = measured.TokensPerSecond;
        return
        [
            name, Invariant($"{rate.Min:0.0}"), Invariant($"{rate.Median:0.0}"), Invariant($"{rate.Max:0.0}"),
            Invariant($"{measured.BytesPerSecond / 1e9:0.0}"), Invariant($"{measured.BytesPerSecond / read:0.00}"),
            Invariant($"{measured.OperationsPerSecond / 1e12:0.000}"),
        ];
    }

    // Four digits of what matters, however slow the case.
    private static double Rounded(double value) => Math.Round(value, value < 1 ? 5 : 2);

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
