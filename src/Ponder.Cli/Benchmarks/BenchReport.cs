using System.Globalization;
using System.Text;
using System.Text.Json;
using Ponder.Models.Transformers;

namespace Ponder.Cli.Benchmarks;

/// <summary>Writes what was measured.</summary>
internal static class BenchReport
{
    private static readonly string[] Titles = ["tokens/s", "minimum", "median", "maximum", "GB/s", "of read", "TFLOPS", "of peak"];

    /// <summary>A table for people.</summary>
    public static string Text(BenchResult result)
    {
        var text = new StringBuilder();
        text.Append(Invariant($"{result.Model}: {result.Isa}, KV {result.Kv}, {result.Threads} threads, runs of each case: {result.Plan.Runs}\n"));
        var read = result.ReadBandwidth;
        text.Append(Invariant($"memory read, GB/s: {read.Min / 1e9:0.0} / {read.Median / 1e9:0.0} / {read.Max / 1e9:0.0} (minimum / median / maximum)\n"));
        var peak = result.ComputePeak;
        text.Append(Invariant($"compute in registers, float32 TFLOPS: {peak.Min / 1e12:0.000} / {peak.Median / 1e12:0.000} / {peak.Max / 1e12:0.000}\n\n"));
        var cases = Named(result).ToArray();
        AppendTable(text, [Titles, .. cases.Select(c => Row(c.Name, c.Case, read.Median, peak.Median))], 10);
        text.Append("\nGB/s (weights read) and TFLOPS (matrix products) are those of the median run.");
        if (result.Plan.Profiles)
            AppendParts(text, cases);
        return text.ToString();
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
        json.WriteNumber("peak_tflops", Rounded(result.ComputePeak.Median / 1e12));
        json.WriteNumber("branch_prompt", result.Plan.BranchPrompt);
        json.WriteNumber("shared_prefix", result.Plan.SharedPrefix);
        Write(json, "prefill", result.Prefill);
        Write(json, "decode", result.Decode);
        Write(json, "branches", result.Branches);
        json.WriteEndObject();
    });

    private static IEnumerable<(string Name, BenchCase Case)> Named(BenchResult result)
    {
        string shared = result.Plan.SharedPrefix > 0 ? $" sharing {result.Plan.SharedPrefix}" : "";
        return
        [
            .. result.Prefill.Select(c => ($"prefill {c.Size}", c)),
            .. result.Decode.Select(c => ($"decode after {c.Size}", c)),
            .. result.Branches.Select(c => ($"{c.Size} branches of {result.Plan.BranchPrompt}{shared}", c)),
        ];
    }

    /// <summary>Where the time goes: a row for each part, a column for each case.</summary>
    private static void AppendParts(StringBuilder text, (string Name, BenchCase Case)[] cases)
    {
        text.Append("\n\nMilliseconds of a step, or of a whole prompt, from one more run of each case:\n\n");
        var rows = new List<string[]> { (string[])["", .. cases.Select(c => c.Name)] };
        foreach (var part in Enum.GetValues<StepPart>())
            rows.Add([NameOf(part).Replace('_', ' '), .. cases.Select(c => Share(c.Case.Parts![part], c.Case.Parts.Values.Sum()))]);
        rows.Add(["all", .. cases.Select(c => Share(c.Case.Parts!.Values.Sum(), c.Case.Parts.Values.Sum()))]);
        AppendTable(text, rows, cases.Max(c => Math.Max(c.Name.Length, 16)) + 2);
        text.Length--;                                          // the last line's end is the caller's
    }

    private static string Share(double part, double all) => Invariant($"{part:0.000} {100 * part / Math.Max(all, 1e-9),4:0}%");

    private static void AppendTable(StringBuilder text, IReadOnlyList<string[]> rows, int column)
    {
        int first = rows.Max(row => row[0].Length);
        foreach (string[] row in rows)
            text.Append(row[0].PadRight(first)).AppendJoin("", row.Skip(1).Select(cell => cell.PadLeft(column))).Append('\n');
    }

    /// <summary><c>AttentionOutput</c> is <c>attention_output</c> in JSON.</summary>
    private static string NameOf(StepPart part) => JsonNamingPolicy.SnakeCaseLower.ConvertName(part.ToString());

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
            if (measured.Parts is { } parts)
            {
                json.WriteStartObject("step_ms");
                foreach (var (part, milliseconds) in parts)
                    json.WriteNumber(NameOf(part), Math.Round(milliseconds, 5));
                json.WriteEndObject();
            }
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }

    private static string[] Row(string name, BenchCase measured, double read, double peak)
    {
        var rate = measured.TokensPerSecond;
        return
        [
            name, Invariant($"{rate.Min:0.0}"), Invariant($"{rate.Median:0.0}"), Invariant($"{rate.Max:0.0}"),
            Invariant($"{measured.BytesPerSecond / 1e9:0.0}"), Invariant($"{measured.BytesPerSecond / read:0.00}"),
            Invariant($"{measured.OperationsPerSecond / 1e12:0.000}"), Invariant($"{measured.OperationsPerSecond / peak:0.00}"),
        ];
    }

    // Four digits of what matters, however slow the case.
    private static double Rounded(double value) => Math.Round(value, value < 1 ? 5 : 2);

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
