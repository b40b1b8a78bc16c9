using System.Text.Json;
using System.Text.Unicode;
using Ponder.Models.Files;

namespace Ponder.Models.Safetensors;

/// <summary>Small steps for reading JSON in one pass; whatever is wrong with the JSON comes out as one <see cref="ModelFileException"/>.</summary>
internal static class JsonInput
{
    /// <summary>Reads a document; the reader stands on its first token.</summary>
    public delegate void Root(ref Utf8JsonReader reader);

    /// <summary>Runs <paramref name="root"/> over a whole document.</summary>
    /// <exception cref="ModelFileException">The JSON is malformed, is not UTF-8, or does not have the wanted form.</exception>
    public static void Read(string path, string what, ReadOnlySpan<byte> json, Root root)
    {
        // Checked up front since Utf8JsonReader only looks at the strings that are asked for.
        if (!Utf8.IsValid(json))
            throw new ModelFileException(path, $"{what} is not UTF-8");
        var reader = new Utf8JsonReader(json);
        try
        {
            reader.Read();
            root(ref reader);
            if (reader.Read())
                throw new JsonException("There is more after the end");
        }
        catch (JsonException e)
        {
            throw new ModelFileException(path, $"{what} is no sound JSON: {e.Message}", e);
        }
        catch (InvalidOperationException e)
        {
            // GetString on an escape such as \ud800 that is half a character.
            throw new ModelFileException(path, $"{what} has a broken string near byte {reader.TokenStartIndex}", e);
        }
    }

    /// <summary>Moves to the next key of an object and returns it, or null at the object's end.</summary>
    public static string? ReadKey(ref Utf8JsonReader reader)
    {
        reader.Read();
        return reader.TokenType == JsonTokenType.PropertyName ? reader.GetString() : null;
    }

    /// <summary>Checks the token that the reader stands on.</summary>
    /// <exception cref="JsonException">It is another one.</exception>
    public static void Expect(ref Utf8JsonReader reader, JsonTokenType type, string what)
    {
        if (reader.TokenType != type)
            throw new JsonException($"{what} is wanted near byte {reader.TokenStartIndex}, but {reader.TokenType} is there");
    }
}
