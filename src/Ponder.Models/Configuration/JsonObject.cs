using System.Text.Json;
using Ponder.Models.Files;

namespace Ponder.Models.Configuration;

/// <summary>A JSON object of a config file, with typed look-ups that name file and field when something does not fit.</summary>
internal readonly struct JsonObject
{
    private readonly string _path;
    private readonly string _prefix;

    private JsonObject(string path, string prefix, JsonElement element)
    {
        _path = path;
        _prefix = prefix;
        Element = element;
    }

    public JsonElement Element { get; }

    /// <summary>Reads a file whose root is an object.</summary>
    /// <exception cref="ModelFileException">The file cannot be read or is not a JSON object.</exception>
    public static JsonObject Read(string path)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path), new JsonDocumentOptions { MaxDepth = 64 });
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                throw new ModelFileException(path, "the root is not a JSON object");
            return new JsonObject(path, "", document.RootElement.Clone());
        }
        catch (JsonException e)
        {
            throw new ModelFileException(path, $"not valid JSON (line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1})", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ModelFileException(path, $"cannot be read: {e.Message}", e);
        }
    }

    public bool Has(string name) => TryGet(name, out _);

    public int Int(string name) => TryInt(name) ?? throw Missing(name);

    /// <summary>A whole number under its usual name or an older one; where both are missing, the error names the usual one.</summary>
    public int Int(string name, string olderName) => TryInt(name) ?? TryInt(olderName) ?? throw Missing(name);

    public int? TryInt(string name)
    {
        if (!TryGet(name, out var value))
            return null;
        // Some tools write whole numbers as floats.
        if (value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double number) && number == Math.Floor(number) && Math.Abs(number) <= int.MaxValue)
            return (int)number;
        throw Wrong(name, "a 32-bit integer");
    }

    public float Float(string name) => TryFloat(name) ?? throw Missing(name);

    public float? TryFloat(string name)
    {
        if (!TryGet(name, out var value))
            return null;
        return value.ValueKind == JsonValueKind.Number && value.TryGetSingle(out float number) && float.IsFinite(number) ? number : throw Wrong(name, "a number");
    }

    public bool? TryBool(string name)
    {
        if (!TryGet(name, out var value))
            return null;
        return value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : throw Wrong(name, "true or false");
    }

    public string? TryString(string name)
    {
        if (!TryGet(name, out var value))
            return null;
        return Text(value) ?? throw Wrong(name, "a string");
    }

    /// <summary>The text of a string; null for anything else, and for escapes that are half a character.</summary>
    public static string? Text(JsonElement value)
    {
        try
        {
            return value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        }
        catch (InvalidOperationException)                       // GetString has no Try
        {
            return null;
        }
    }

    public JsonObject? TryObject(string name)
    {
        if (!TryGet(name, out var value))
            return null;
        return value.ValueKind == JsonValueKind.Object ? new JsonObject(_path, $"{_prefix}{name}.", value) : throw Wrong(name, "an object");
    }

    public IReadOnlyList<T>? TryList<T>(string name, string what, Func<JsonElement, T?> read) where T : struct
    {
        if (!TryGet(name, out var value))
            return null;
        if (value.ValueKind != JsonValueKind.Array)
            throw Wrong(name, what);
        var list = new List<T>(value.GetArrayLength());
        foreach (var item in value.EnumerateArray())
            list.Add(read(item) ?? throw Wrong(name, what));
        return list;
    }

    public ModelFileException Error(string message) => new(_path, message);

    public string Name(string field) => _prefix + field;

    private bool TryGet(string name, out JsonElement value) => Element.TryGetProperty(name, out value) && value.ValueKind != JsonValueKind.Null;

    private ModelFileException Missing(string name) => new(_path, $"field '{_prefix}{name}' is missing");

    private ModelFileException Wrong(string name, string expected) => new(_path, $"field '{_prefix}{name}' is not {expected}");
}
