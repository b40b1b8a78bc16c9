using System.Text.Json;

namespace Ponder.Cli.Tests.Support;

/// <summary>Reads files of JSON lines.</summary>
internal static class Jsonl
{
    public static JsonElement[] Read(string path) => [.. File.ReadAllLines(path).Select(line => JsonDocument.Parse(line).RootElement)];

    /// <summary>The only line that has this id.</summary>
    public static JsonElement Of(this IEnumerable<JsonElement> lines, string id) => lines.Single(line => line.GetProperty("id").ToString() == id);

    public static string Text(this JsonElement line, string field) => line.GetProperty(field).GetString()!;
}
