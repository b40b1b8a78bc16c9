using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Ponder.Reasoning.Comparison;

/// <summary>A result as a line of JSON, as it stands in <c>cells.jsonl</c>.</summary>
internal static class CellLine
{
    private static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes a result; no line feed is in it.</summary>
    public static string Write(CellResult result)
    {
        var bytes = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(bytes, Compact))
        {
            json.WriteStartObject();
            json.WriteString("strategy", result.Cell.Strategy);
            json.WriteString("sized", result.Cell.Sized);
            json.WriteNumber("budget", result.Cell.Budget);
            json.WriteNumber("seed", result.Cell.Seed);
            json.WriteNumber("number", result.Number);
            json.WriteString("problem", result.Problem);
            json.WriteBoolean("correct", result.IsCorrect);
            json.WriteString("answer", result.Answer);
            WriteOrNull(json, "confidence", result.Confidence);
            json.WriteNumber("tokens", result.Tokens);
            json.WriteNumber("sequential", result.SequentialTokens);
            json.WriteNumber("prompt", result.PromptTokens);
            json.WriteNumber("reward", result.RewardTokens);
            json.WriteNumber("seconds", result.Seconds);
            json.WriteNumber("latency", result.Latency);
            WriteOrNull(json, "kv_average", result.AverageKvTokens);
            json.WriteNumber("kv_peak", result.PeakKvTokens);
            WriteOrNull(json, "kv_bytes_per_token", result.KvBytesPerToken);
            WriteOrNull(json, "kv_bytes_average", result.AverageKvBytes);
            WriteOrNull(json, "kv_bytes_peak", result.PeakKvBytes);
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }

    /// <summary>Reads a result.</summary>
    /// <param name="line">The line in UTF-8.</param>
    /// <returns>Null where the line is no result.</returns>
    public static CellResult? Read(ReadOnlyMemory<byte> line)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            var json = document.RootElement;
            return new CellResult
            {
                Cell = new GridCell(Text("strategy"), Text("sized"), json.GetProperty("budget").GetInt64(), json.GetProperty("seed").GetUInt64()),
                Number = json.GetProperty("number").GetInt32(),
                Problem = Text("problem"),
                IsCorrect = json.GetProperty("correct").GetBoolean(),
                Answer = json.GetProperty("answer").GetString(),
                Confidence = Number("confidence"),
                Tokens = json.GetProperty("tokens").GetInt64(),
                SequentialTokens = json.GetProperty("sequential").GetInt64(),
                PromptTokens = json.GetProperty("prompt").GetInt64(),
                RewardTokens = json.GetProperty("reward").GetInt64(),
                Seconds = json.GetProperty("seconds").GetDouble(),
                Latency = json.GetProperty("latency").GetDouble(),
                AverageKvTokens = Number("kv_average") ?? double.NaN,
                PeakKvTokens = json.GetProperty("kv_peak").GetInt32(),
                KvBytesPerToken = Number("kv_bytes_per_token") ?? double.NaN,
            };

            string Text(string name) => json.GetProperty(name).GetString() ?? throw new FormatException();

            double? Number(string name) => json.GetProperty(name) is { ValueKind: not JsonValueKind.Null } value ? value.GetDouble() : null;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            return null;
        }
    }

    private static void WriteOrNull(Utf8JsonWriter json, string name, double? value)
    {
        if (value is double number && double.IsFinite(number))
            json.WriteNumber(name, number);
        else
            json.WriteNull(name);
    }
}
