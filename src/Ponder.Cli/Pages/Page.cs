using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;

namespace Ponder.Cli.Pages;

/// <summary>
/// Pages that stand alone in one file: a template with its parts, which are files of their own beside it, and the data as JSON. In a template
/// <c>{{compare.css}}</c> stands for that file, <c>{{data}}</c> for the data, and any other name for a text of the caller's.
/// </summary>
internal static class Page
{
    private const string Data = "data";

    // With <, > and & escaped, no text of a model can end the element that the data stand in.
    private static readonly JsonWriterOptions InHtml = new() { Encoder = JavaScriptEncoder.Create(UnicodeRanges.All) };

    /// <summary>Puts a page together, in one pass: what is put in is never looked at again.</summary>
    /// <param name="template">The template's name: <c>compare.html</c>.</param>
    /// <param name="data">Writes the data.</param>
    /// <param name="texts">The caller's texts by name, as HTML; null for none.</param>
    public static string Of(string template, Action<Utf8JsonWriter> data, IReadOnlyDictionary<string, string>? texts = null)
    {
        string page = Part(template);
        var filled = new StringBuilder();
        int from = 0;
        for (int at; (at = page.IndexOf("{{", from, StringComparison.Ordinal)) >= 0;)
        {
            int end = page.IndexOf("}}", at, StringComparison.Ordinal);
            string name = page[(at + 2)..end];
            filled.Append(page, from, at - from);
            filled.Append(name == Data ? Json(data) : texts?.GetValueOrDefault(name) ?? Part(name));
            from = end + 2;
        }
        return filled.Append(page, from, page.Length - from).ToString();
    }

    private static string Json(Action<Utf8JsonWriter> data)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, InHtml))
            data(json);
        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }

    private static string Part(string name)
    {
        using var stream = typeof(Page).Assembly.GetManifestResourceStream(name) ?? throw new ArgumentException($"There is no part '{name}'.", nameof(name));
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd().TrimEnd();
    }
}
