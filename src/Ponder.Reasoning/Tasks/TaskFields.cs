using System.Text.Json;

namespace Ponder.Reasoning.Tasks;

/// <summary>The fields of one problem in a file.</summary>
public sealed class TaskFields
{
    private readonly JsonElement _fields;

    internal TaskFields(JsonElement fields, string place)
    {
        if (fields.ValueKind != JsonValueKind.Object)
            throw new TaskException("is not a JSON object");
        (_fields, Place) = (fields, place);
    }

    /// <summary>The problem's name where the file gives none: its line, or its number.</summary>
    public string Place { get; }

    /// <summary>All fields as JSON.</summary>
    internal JsonElement Json => _fields;

    /// <summary>The text of the first of some fields that is there; a number counts as its digits.</summary>
    /// <exception cref="TaskException">None is there.</exception>
    public string Text(params ReadOnlySpan<string> names) => Find(names) ?? throw new TaskException($"the field {string.Join(" or ", names!)} is missing");

    /// <summary>The text of the first of some fields that is there and not null; null for none.</summary>
    /// <exception cref="TaskException">It is neither text nor a number.</exception>
    public string? Find(params ReadOnlySpan<string> names)
    {
        foreach (string name in names)
        {
            if (!_fields.TryGetProperty(name, out var field) || field.ValueKind == JsonValueKind.Null)
                continue;
            string text = field.ValueKind switch
            {
                JsonValueKind.String => field.GetString()!,
                JsonValueKind.Number => field.GetRawText(),
                _ => throw new TaskException($"the field {name} is neither text nor a number"),
            };
            return string.IsNullOrWhiteSpace(text) ? throw new TaskException($"the field {name} is empty") : text;
        }
        return null;
    }
}
