using System.Text.Json;

namespace Ponder.Cli.Comparing;

/// <summary>
/// <c>grid.json</c>: everything that the results in a folder depend on, by name and as text, and the length of a usual answer that strategies were fitted by.
/// A folder serves one grid: with other settings it is refused.
/// </summary>
/// <param name="Settings">The settings, in the order in which they are compared.</param>
/// <param name="AnswerTokens">Tokens of a usual answer.</param>
internal sealed record GridFile(IReadOnlyList<KeyValuePair<string, string>> Settings, double AnswerTokens)
{
    private const int Version = 1;

    /// <summary>Reads the file of a folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="settings">What the settings have to be.</param>
    /// <returns>Null where there is none yet.</returns>
    /// <exception cref="UsageException">It cannot be read, or belongs to another grid.</exception>
    public static GridFile? Read(string folder, IReadOnlyList<KeyValuePair<string, string>> settings)
    {
        string path = PathIn(folder);
        if (!File.Exists(path))
        {
            return Directory.Exists(folder) && File.Exists(Path.Combine(folder, "cells.jsonl"))
                ? throw new UsageException($"{folder} has results but no grid.json that says what they are of; take another folder with --out.")
                : null;
        }
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            var json = document.RootElement;
            if (json.GetProperty("version").GetInt32() != Version)
                throw new UsageException($"{path} was written by another version of Ponder; take another folder with --out.");
            var found = json.GetProperty("settings").EnumerateObject().ToDictionary(setting => setting.Name, setting => setting.Value.GetString() ?? "");
            foreach (var (name, value) in settings)
            {
                if (found.GetValueOrDefault(name) is var other && other != value)
                    throw new UsageException($"{folder} belongs to another grid: its {name} is {Shown(other)}, and here it is {Shown(value)}; take another folder with --out.");
            }
            double tokens = json.GetProperty("answer_tokens").GetDouble();
            return tokens >= 1 ? new GridFile(settings, tokens) : throw new FormatException();
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or KeyNotFoundException or FormatException or ArgumentException)
        {
            throw new UsageException($"{path} is damaged; take another folder with --out.", error);
        }
    }

    /// <summary>Writes the file, whole or not at all.</summary>
    public void Write(string folder) => WriteWhole(PathIn(folder), JsonText.Of(
        json =>
        {
            json.WriteStartObject();
            json.WriteNumber("version", Version);
            json.WriteNumber("answer_tokens", AnswerTokens);
            json.WriteStartObject("settings");
            foreach (var (name, value) in Settings)
                json.WriteString(name, value);
            json.WriteEndObject();
            json.WriteEndObject();
        },
        indented: true) + "\n");

    /// <summary>Writes a file that is there whole or not at all, also when the process is killed meanwhile.</summary>
    public static void WriteWhole(string path, string text)
    {
        string draft = path + ".new";
        File.WriteAllText(draft, text);
        File.Move(draft, path, overwrite: true);
    }

    private static string PathIn(string folder) => Path.Combine(folder, "grid.json");

    private static string Shown(string? value) => value is null ? "missing" : value.Length == 0 ? "none" : $"'{value}'";
}
