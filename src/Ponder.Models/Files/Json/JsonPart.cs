using System.Text.Json;

namespace Ponder.Models.Files.Json;

/// <summary>
/// A value inside a JSON file that knows where it stands, so that every error names the file and the field. A field that is null
/// counts as missing.
/// </summary>
internal readonly struct JsonPart
{
    private readonly JsonElement _element;
    private readonly string _file;
    private readonly string _name;
    private readonly bool _isItem;

    private JsonPart(JsonElement element, string file, string name, bool isItem = false)
    {
        _element = element;
        _file = file;
        _name = name;
        _isItem = isItem;
    }

    /// <summary>The root of a file.</summary>
    /// <exception cref="ModelFileException">It is not an object.</exception>
    public static JsonPart OfRoot(JsonElement element, string file) => element.ValueKind == JsonValueKind.Object
        ? new JsonPart(element, file, "")
        : throw new ModelFileException(file, "the root is not a JSON object");

    /// <summary>True for a missing field and for null.</summary>
    public bool IsNull => _element.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined;

    /// <summary>True for an object.</summary>
    public bool IsObject => _element.ValueKind == JsonValueKind.Object;

    /// <summary>True for an array.</summary>
    public bool IsArray => _element.ValueKind == JsonValueKind.Array;

    /// <summary>True for a string.</summary>
    public bool IsString => _element.ValueKind == JsonValueKind.String;

    /// <summary>A field of this object; null when it is missing.</summary>
    public JsonPart this[string field]
    {
        get
        {
            if (!IsObject)
                throw Wrong("an object");
            string name = _name.Length == 0 ? field : $"{_name}.{field}";
            return new JsonPart(_element.TryGetProperty(field, out var value) ? value : default, _file, name);
        }
    }

    /// <summary>A field under its usual name or an older one; where both are missing, errors name the usual one.</summary>
    public JsonPart this[string field, string olderName] => this[field] is { IsNull: false } usual ? usual
        : this[olderName] is { IsNull: false } older ? older
        : this[field];

    /// <summary>The fields of this object.</summary>
    public IEnumerable<(string Name, JsonPart Value)> Fields()
    {
        if (!IsObject)
            throw Wrong("an object");
        foreach (var field in _element.EnumerateObject())
            yield return (NameOf(field) ?? throw NoText(), new JsonPart(field.Value, _file, _name, isItem: true));
    }

    /// <summary>The items of this array.</summary>
    public IEnumerable<JsonPart> Items()
    {
        if (!IsArray)
            throw Wrong("an array");
        foreach (var item in _element.EnumerateArray())
            yield return new JsonPart(item, _file, _name, isItem: true);
    }

    /// <summary>The length of this array or the number of fields of this object.</summary>
    public int Count => IsObject ? _element.GetPropertyCount() : IsArray ? _element.GetArrayLength() : throw Wrong("an object or an array");

    /// <summary>This object, or null.</summary>
    public JsonPart? ObjectOrNull() => IsNull ? null : IsObject ? this : throw Wrong("an object");

    /// <summary>What the items of this array are read as, or null.</summary>
    public IReadOnlyList<T>? ListOrNull<T>(Func<JsonPart, T> read) => IsNull ? null : [.. Items().Select(read)];

    /// <summary>The string.</summary>
    public string String() => Text() ?? throw (IsString ? NoText() : Wrong("a string"));

    /// <summary>The string, or null.</summary>
    public string? StringOrNull() => IsNull ? null : String();

    /// <summary>The text of a string; null for anything else, and for escapes that are half a character.</summary>
    public string? Text()
    {
        try
        {
            return IsString ? _element.GetString() : null;
        }
        catch (InvalidOperationException)                       // GetString has no Try
        {
            return null;
        }
    }

    /// <summary>The text of a token, which stands as a string or as an object with its <c>content</c>; or null.</summary>
    public string? TokenOrNull() => IsObject ? this["content"].String() : StringOrNull();

    /// <summary>The whole number.</summary>
    public int Int()
    {
        if (_element.ValueKind == JsonValueKind.Number)
        {
            if (_element.TryGetInt32(out int value))
                return value;
            // Some tools write whole numbers as floats.
            if (_element.TryGetDouble(out double number) && number == Math.Floor(number) && Math.Abs(number) <= int.MaxValue)
                return (int)number;
        }
        throw Wrong("a 32-bit integer");
    }

    /// <summary>The whole number, or null.</summary>
    public int? IntOrNull() => IsNull ? null : Int();

    /// <summary>The finite number.</summary>
    public float Float() => _element.ValueKind == JsonValueKind.Number && _element.TryGetSingle(out float value) && float.IsFinite(value)
        ? value
        : throw Wrong("a number of 32 bits");

    /// <summary>The finite number, or null.</summary>
    public float? FloatOrNull() => IsNull ? null : Float();

    /// <summary>True or false, or <paramref name="missing"/> when the field is missing or null.</summary>
    public bool Bool(bool missing) => BoolOrNull() ?? missing;

    /// <summary>True or false, or null.</summary>
    public bool? BoolOrNull() => _element.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => IsNull ? null : throw Wrong("true or false"),
    };

    /// <summary>The kind of a component, its field <c>type</c>.</summary>
    public string Type() => this["type"].String();

    /// <summary>The error that this value is missing or is not what it should be.</summary>
    public ModelFileException Wrong(string wanted) =>
        _isItem ? Error($"holds an item that is not {wanted}") : Error(IsNull ? "is missing" : $"is not {wanted}");

    /// <summary>An error about this value.</summary>
    /// <param name="message">What is wrong: the rest of a sentence that begins with the field's name.</param>
    public ModelFileException Error(string message) => FileError($"{(_name.Length == 0 ? "the document" : $"field '{_name}'")} {message}");

    /// <summary>An error about several fields of the file at once.</summary>
    /// <param name="message">What is wrong: a sentence.</param>
    public ModelFileException FileError(string message) => new(_file, message);

    // Strings with half a surrogate pair as an escape are not text.
    private ModelFileException NoText() => Error("holds a string that is not valid Unicode");

    private static string? NameOf(JsonProperty field)
    {
        try
        {
            return field.Name;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
