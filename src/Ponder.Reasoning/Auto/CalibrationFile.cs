using System.Text.Json;
using System.Text.Json.Serialization;
using Ponder.Numerics;

namespace Ponder.Reasoning.Auto;

/// <summary>Calibrations in files: JSON with the format's version, the model's fingerprint, and the figures of every task.</summary>
public static class CalibrationFile
{
    private const string Format = "ponder-calibration";
    private const int Version = 1;
    private const long MostBytes = 1L << 26;

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false) },
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        NumberHandling = JsonNumberHandling.Strict,
        WriteIndented = true,
    };

    /// <summary>Writes a table.</summary>
    /// <param name="table">The table.</param>
    /// <param name="path">The file; one that is there is replaced once the new one is complete.</param>
    /// <exception cref="CalibrationException">The file cannot be written.</exception>
    public static void Save(CalibrationTable table, string path)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            string unfinished = path + ".new";
            File.WriteAllBytes(unfinished, JsonSerializer.SerializeToUtf8Bytes(new Content(Format, Version, table), Json));
            File.Move(unfinished, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CalibrationException($"{path}: the calibration cannot be written: {e.Message}", e);
        }
    }

    /// <summary>Reads a table.</summary>
    /// <exception cref="CalibrationException">The file is absent, no calibration, of a newer version, or damaged.</exception>
    public static CalibrationTable Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            if (!File.Exists(path))
                throw new CalibrationException($"{path}: there is no such file; 'ponder calibrate' makes calibrations.");
            if (new FileInfo(path).Length > MostBytes)
                throw new CalibrationException($"{path}: it is too large for a calibration.");
            var content = JsonSerializer.Deserialize<Content>(File.ReadAllBytes(path), Json) ?? throw new JsonException("it is null");
            Check(content, path);
            return content.Table;
        }
        catch (JsonException e)
        {
            throw new CalibrationException($"{path}: it is no calibration: {e.Message}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new CalibrationException($"{path}: it cannot be read: {e.Message}", e);
        }
    }

    private static void Check(Content content, string path)
    {
        Demand(content.Format == Format, $"its format is '{content.Format}', not '{Format}'");
        Demand(content.Version is >= 1 and <= Version, $"it has version {content.Version} of the format, but this version of Ponder reads up to {Version}");
        var table = content.Table;
        Demand(table.Model.Name.Length > 0, "the model has no name");
        Demand(table.MaxTokens >= 1 && table.Temperature >= 0, "its max_tokens or temperature is out of range");
        Demand(table.Tasks.Count > 0 && table.Tasks.All(task => task is not null), "it has no task");
        foreach (var task in table.Tasks)
        {
            string which = $"the task '{task.Task}'";
            Demand(table.Tasks.Count(other => other.Task == task.Task) == 1, $"{which} stands twice in it");
            Demand(task.Problems >= 1 && task.AnswerTokens is > 0 and < 1e9, $"problems or answer_tokens of {which} are out of range");
            Demand(task.Entries.Count > 0 && task.Entries.All(entry => entry is not null), $"{which} has no entries");
            foreach (var entry in task.Entries)
                CheckEntry(entry, which);
            Demand(task.Laws.All(law => law is { Law: { Ceiling: >= 0 and <= 1, Rate: > 0 and <= 1 } }), $"a law of {which} is out of range");
            Demand(
                task.Difficulty is not { } map || (map.Probes is >= 1 and <= 1000 && map.Weights.Count == DifficultyMap.Inputs && map.HardBelow <= map.EasyFrom),
                $"the difficulty map of {which} is out of range");
            Demand(task.Probing.All(gain => gain is { Budget: >= 1, StandardError: >= 0 }), $"the probing of {which} is out of range");
            Demand(
                task.Judges.All(judge => judge is { BestSamples: >= 1, FalsePositiveRate: null or (>= 0 and <= 1) }), $"a judge's curve of {which} is out of range");
        }

        void CheckEntry(CalibrationEntry entry, string which)
        {
            try
            {
                StrategyFamily.Of(entry.Strategy);
            }
            catch (PonderException e)
            {
                throw new CalibrationException($"{path}: the calibration cannot be used: an entry of {which} is wrong: {e.Message}", e);
            }
            Demand(entry.Budget >= 1, $"the budget of {entry.Strategy} of {which} is {entry.Budget}, but must be at least 1");
            Demand(
                entry.Results.Any(result => result is { Difficulty: Difficulty.All })
                    && entry.Results.All(result => result is { Problems: >= 1, Accuracy: >= 0 and <= 1, StandardError: >= 0, Tokens: >= 0 }),
                $"the results of {entry.Strategy} of {which} are absent or out of range");
        }

        void Demand(bool holds, string why)
        {
            if (!holds)
                throw new CalibrationException($"{path}: the calibration cannot be used: {why}.");
        }
    }

    private sealed record Content(string Format, int Version, CalibrationTable Table);
}
