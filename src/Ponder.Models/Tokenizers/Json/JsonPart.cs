using System.Text.Json;
using Ponder.Models.Files;

namespace Ponder.Models.Tokenizers.Json;

/// <summary>A value inside a JSON file that knows where it stands, so that every error names the file and the field.</summary>
internal readonly struct JsonPart(JsonElement element, string file, string name)
{
    /// <summary>The dotted name of the field.</summary>
    public string Name => name;

    /// <summary>True for a missing field and for null.</summary>
    public bool IsNull => element.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined;

    /// <summary>True for an object.</summary>
    public bool IsObject => element.ValueKind == JsonValueKind.Object;

    /// <summary>True for an array.</summary>
    public bool IsArray => element.ValueKind == JsonValueKind.Array;

    /// <summary>True for a string.</summary>
    public bool IsString => element.ValueKind == JsonValueKind.String;

    /// <summary>A field of this object; null when it is missing.</summary>
    public JsonPart this[string field]
    {
        get
        {
            if (!IsObject)
                throw Wrong("an object");
            return new JsonPart(element.TryGetProperty(field, out var value) ? value : default, file, name.Length == 0 ? field : $"{name}.{field}");
        }
    }

    /// <summary>The fields of this object.</summary>
    public IEnumerable<(string Name, JsonPart Value)> Fields()
    {
        if (!IsObject)
            throw Wrong("an object");
        foreach (var field in element.EnumerateObject())
        {
            string key = Text(() => field.Name);
            yield return (key, new JsonPart(field.Value, file, name));
        }
    }

    /// <summary>The items of this array.</summary>
    public IEnumerable<JsonPart> Items()
    {
        if (!IsArray)
            throw Wrong("an array");
        foreach (var item in element.EnumerateArray())
            yield return new JsonPart(item, file, name);
    }

    /// <summary>The length of this array or the number of fields of this object.</summary>
    public int Count => IsObject ? element.GetPropertyCount() : IsArray ? element.GetArrayLength() : throw Wrong("an object or an array");

    /// <summary>The string.</summary>
    public string String()
    {
        if (!IsString)
            throw Wrong("a string");
        var value = element;
        return Text(() => value.GetString()!);
    }

    /// <summary>The string, or null.</summary>
    public string? StringOrNull() => IsNull ? null : String();

    /// <summary>The whole number.</summary>
    public int Int() =>
        element.ValueKind == JsonValueKind.Number && element.TryGetInt32(out int value) ? value : throw Wrong("a whole number");

    /// <summary>The finite number.</summary>
    public float Float() =>
        element.ValueKind == JsonValueKind.Number && element.TryGetSingle(out float value) && float.IsFinite(value) ? value : throw Wrong("a finite number");

    /// <summary>True or false, or <paramref name="missing"/> when the field is missing or null.</summary>
    public bool Bool(bool missing) => element.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => IsNull ? missing : throw Wrong("true or false"),
    };

    /// <summary>True or false, or null.</summary>
    public bool? BoolOrNull() => IsNull ? null : Bool(false);

    /// <summary>The kind of a component, its field <c>type</c>.</summary>
    public string Type() => this["type"].String();

    /// <summary>The error that this value is not what it should be.</summary>
    public ModelFileException Wrong(string wanted) => Error($"is not {wanted}");

    /// <summary>An error about this value.</summary>
    /// <param name="message">What is wrong: the rest of a sentence that begins with the field's name.</param>
    public ModelFileException Error(string message) => new(file, $"{(name.Length == 0 ? "the document" : name)} {message}");

    // Strings with half a surrogate pair as an escape are not text.
    private string Text(Func<string> read)
    {
        try
        {
            return read();
        }
        catch (InvalidOperationException error)
        {
            throw new ModelFileException(file, $"{name} holds a string that is not valid Unicode", error);
        }
    }
}
