using System.Text.Json;

namespace Ponder.Models.Files.Json;

/// <summary>A JSON file, read whole, whose root is an object.</summary>
internal sealed class JsonFile : IDisposable
{
    private readonly JsonDocument _document;

    private JsonFile(JsonDocument document, string path)
    {
        _document = document;
        Root = JsonPart.OfRoot(document.RootElement, path);
    }

    /// <summary>The root; it and its parts are not to be used after <see cref="Dispose"/>.</summary>
    public JsonPart Root { get; }

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file, UTF-8.</param>
    /// <param name="allowsTwins">
    /// Of two fields of one name the last counts. Settings that people edit by hand may have them; in a vocabulary they are damage.
    /// </param>
    /// <exception cref="ModelFileException">It cannot be read, is not JSON, or its root is not an object.</exception>
    public static JsonFile Open(string path, bool allowsTwins = false)
    {
        JsonDocument? document = null;
        try
        {
            document = Parse(File.ReadAllBytes(path), allowsTwins);
            return new JsonFile(document, path);
        }
        catch (JsonException error)
        {
            string where = error.LineNumber is { } line ? $" (line {line + 1}, byte {error.BytePositionInLine + 1})" : $": {error.Message}";
            throw new ModelFileException(path, $"not valid JSON{where}", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ModelFileException(path, $"cannot be read: {error.Message}", error);
        }
        catch (ModelFileException)
        {
            document?.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _document.Dispose();

    private static JsonDocument Parse(byte[] utf8, bool allowsTwins)
    {
        // Some editors begin a file with a byte order mark.
        int start = utf8.AsSpan().StartsWith("\uFEFF"u8) ? 3 : 0;
        return JsonDocument.Parse(utf8.AsMemory(start), new JsonDocumentOptions { MaxDepth = 64, AllowDuplicateProperties = allowsTwins });
    }
}
