using System.Text.Json;

namespace Ponder.Cli.Pages;

/// <summary>
/// Pages that stand alone in one file: a template with its parts, which are files of their own beside it, and the data as JSON. A line of a template
/// such as <c>{{compare.css}}</c> stands for that file, <c>{{data}}</c> for the data.
/// </summary>
internal static class Page
{
    /// <summary>Puts a page together.</summary>
    /// <param name="template">The template's name: <c>compare.html</c>.</param>
    /// <param name="data">Writes the data.</param>
    public static string Of(string template, Action<Utf8JsonWriter> data)
    {
        var lines = Part(template).Split('\n').Select(line => line.Trim() switch
        {
            "{{data}}" => Json(data),
            ['{', '{', .. var part, '}', '}'] => Part(part),
            _ => line,
        });
        return string.Join('\n', lines);
    }

    // The default encoder writes < as \u003C: no text of a model can end the element that it stands in.
    private static string Json(Action<Utf8JsonWriter> data)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
            data(json);
        return System.Text.Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }

    private static string Part(string name)
    {
        using var stream = typeof(Page).Assembly.GetManifestResourceStream(name) ?? throw new ArgumentException($"There is no part '{name}'.", nameof(name));
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
