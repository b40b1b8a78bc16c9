using System.Text.Json;
using Ponder.Models.Files;

namespace Ponder.Models.Tokenizers.Json;

/// <summary>Reads a JSON file whole.</summary>
internal static class JsonFile
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 64, AllowDuplicateProperties = false };

    /// <summary>Parses a file; the caller disposes the document.</summary>
    /// <exception cref="ModelFileException">It cannot be read or is not JSON.</exception>
    public static JsonDocument Open(string path)
    {
        try
        {
            return JsonDocument.Parse(File.ReadAllBytes(path), Options);
        }
        catch (Exception error) when (error is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new ModelFileException(path, error is JsonException ? $"not valid JSON: {error.Message}" : error.Message, error);
        }
    }
}
