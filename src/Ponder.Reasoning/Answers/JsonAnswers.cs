using System.Text.Json;
using Ponder.Reasoning.Answers.Extraction;

namespace Ponder.Reasoning.Answers;

/// <summary>
/// Answers at a place of the last JSON object or array in a text. Strings are read without their quotes, all else as compact JSON.
/// Compared as JSON: numbers by value, objects without regard to the order of their names; strings as normalised text.
/// </summary>
public sealed class JsonAnswers : IAnswerReader
{
    private readonly JsonPath _path;

    /// <summary>Creates the reader.</summary>
    /// <param name="path">A pointer of RFC 6901 (<c>/items/0/price</c>) or names parted by dots (<c>items[0].price</c>); empty for the whole value.</param>
    /// <exception cref="ArgumentException">It is neither.</exception>
    public JsonAnswers(string path) => _path = JsonPath.Parse(path);

    /// <inheritdoc/>
    public string? Read(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (JsonText.Last(text) is not JsonElement root || _path.Find(root) is not JsonElement value)
            return null;
        return value.ValueKind switch
        {
            JsonValueKind.Null or JsonValueKind.Undefined => null,
            JsonValueKind.String => Text(value),
            _ => JsonSerializer.Serialize(value, Compact.Default),
        };
    }

    /// <inheritdoc/>
    public bool AreSame(string first, string second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        if (string.Equals(first, second, StringComparison.Ordinal))
            return true;
        if (JsonText.Parse(first.AsMemory()) is JsonElement a && JsonText.Parse(second.AsMemory()) is JsonElement b)
            return JsonElement.DeepEquals(a, b);
        return NormalText.AreSame(first, second);
    }

    private static string? Text(JsonElement value)
    {
        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            return null; // half of a surrogate pair, written as an escape
        }
    }

    private static class Compact
    {
        public static JsonSerializerOptions Default { get; } = new() { WriteIndented = false, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    }
}
