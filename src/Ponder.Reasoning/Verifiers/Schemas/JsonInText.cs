using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Ponder.Reasoning.Verifiers.Schemas;

/// <summary>Finds the JSON value in what a policy said: the last fenced block if there is one, else the last value that ends the text or stands in it.</summary>
internal static partial class JsonInText
{
    // Every '{' or '[' may begin the value; more of them than this are not tried.
    private const int MaxTries = 1_000;

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    /// <summary>The last value; null when there is none. Names that occur twice in an object are an error, and make no value.</summary>
    public static JsonDocument? Last(string text)
    {
        if (Fence().Matches(text).LastOrDefault() is { } fence)
            return Whole(fence.Groups["body"].Value);
        if (Whole(text) is { } whole)
            return whole;
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        return LastInside(bytes) ?? LastLine(text);
    }

    // From left to right, so that an inner value is never taken for the whole; what is read is passed over.
    private static JsonDocument? LastInside(byte[] bytes)
    {
        var last = Range.All;
        bool isFound = false;
        int tries = 0;
        for (int at = 0; at < bytes.Length; at++)
        {
            if (bytes[at] is not ((byte)'{' or (byte)'['))
                continue;
            if (++tries > MaxTries)
                return null;
            try
            {
                var reader = new Utf8JsonReader(bytes.AsSpan(at), isFinalBlock: true, default);
                reader.Read();
                reader.Skip();
                last = at..(at + (int)reader.BytesConsumed);
                isFound = true;
                at = last.End.Value - 1;
            }
            catch (JsonException)
            {
                // Not here: the next bracket.
            }
        }
        return isFound ? Whole(Encoding.UTF8.GetString(bytes[last])) : null;
    }

    private static JsonDocument? LastLine(string text) =>
        text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) is [.., var line] ? Whole(line) : null;

    private static JsonDocument? Whole(string text)
    {
        try
        {
            return JsonDocument.Parse(text, Strict);
        }
        catch (Exception error) when (error is JsonException or ArgumentException)      // the latter: half of a surrogate pair
        {
            return null;
        }
    }

    [GeneratedRegex(@"```[^\n`]*\n(?<body>.*?)```", RegexOptions.Singleline | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Fence();
}
