using System.Globalization;
using System.Text.Json;

namespace Ponder.Reasoning.Answers.Extraction;

/// <summary>A place in a JSON value: a pointer of RFC 6901 (<c>/items/0/a~1b</c>), or names parted by dots (<c>items[0].price</c>, <c>items.0.price</c>).</summary>
internal sealed class JsonPath
{
    private readonly string[] _names;

    private JsonPath(string[] names) => _names = names;

    /// <summary>Reads a path.</summary>
    /// <exception cref="ArgumentException">It has an empty name, an unclosed bracket, or a tilde that RFC 6901 does not know.</exception>
    public static JsonPath Parse(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return new JsonPath(path.Length == 0 ? [] : path[0] == '/' ? Pointer(path) : Dotted(path));
    }

    /// <summary>The value at this place; null where there is none.</summary>
    public JsonElement? Find(JsonElement value)
    {
        foreach (string name in _names)
        {
            if (value.ValueKind == JsonValueKind.Object)
            {
                if (!value.TryGetProperty(name, out value))
                    return null;
            }
            else if (value.ValueKind == JsonValueKind.Array && IsIndex(name)
                && int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out int index) && index < value.GetArrayLength())
            {
                value = value[index];
            }
            else
            {
                return null;
            }
        }
        return value;
    }

    /// <summary>RFC 6901, section 4: no leading zeros.</summary>
    private static bool IsIndex(string name) => name == "0" || name.Length is > 0 and < 10 && name[0] != '0';

    private static string[] Pointer(string path)
    {
        string[] names = path[1..].Split('/');
        for (int i = 0; i < names.Length; i++)
        {
            string name = names[i];
            for (int at = name.IndexOf('~', StringComparison.Ordinal); at >= 0; at = name.IndexOf('~', at + 1))
            {
                if (at + 1 == name.Length || name[at + 1] is not ('0' or '1'))
                    throw new ArgumentException($"The JSON pointer \"{path}\" has a '~' that is not '~0' or '~1'.", nameof(path));
            }
            names[i] = name.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
        }
        return names;
    }

    private static string[] Dotted(string path)
    {
        var names = new List<string>();
        foreach (string part in (path.StartsWith("$.", StringComparison.Ordinal) ? path[2..] : path).Split('.'))
        {
            int bracket = part.IndexOf('[', StringComparison.Ordinal);
            string name = bracket < 0 ? part : part[..bracket];
            if (name.Length > 0)
                names.Add(name);
            else if (bracket != 0)
                throw new ArgumentException($"The JSON path \"{path}\" has an empty name.", nameof(path));
            while (bracket >= 0 && bracket < part.Length)
            {
                int close = part.IndexOf(']', bracket);
                if (part[bracket] != '[' || close < bracket + 2 || !IsIndex(part[(bracket + 1)..close]))
                    throw new ArgumentException($"The JSON path \"{path}\" has brackets that hold no index.", nameof(path));
                names.Add(part[(bracket + 1)..close]);
                bracket = close + 1;
            }
        }
        return [.. names];
    }
}
