using Ponder.Models.Files.Json;
using Ponder.Models.Tokenizers.Models;
using Ponder.Models.Tokenizers.Splitting;

namespace Ponder.Models.Tokenizers.Json;

/// <summary>How the name of a token becomes bytes of the text.</summary>
/// <param name="BytesOf">What a token adds to a text that has begun.</param>
/// <param name="LeadingSpaces">Spaces that a text loses at its beginning.</param>
internal sealed record TokenDecoder(Func<string, byte[]> BytesOf, int LeadingSpaces = 0);

/// <summary>
/// Reads <c>decoder</c>. Every step works on a token by itself, but for spaces at the beginning of the text, so that a
/// stream can be decoded.
/// </summary>
internal static class JsonDecoders
{
    /// <summary>Builds the decoder.</summary>
    public static TokenDecoder Read(JsonPart part)
    {
        if (part.IsNull)                                    // tokens are words
            return new TokenDecoder(name => Vocabulary.Utf8(" " + name), LeadingSpaces: 1);
        var steps = new List<Func<string, string>>();
        bool bytes = false, fused = false, byteLevel = false;
        int leading = 0;
        foreach (var step in Flatten(part))
        {
            string type = step.Type();
            if (byteLevel || (fused && type is not ("Fuse" or "Strip")))
                throw step.Error($"has the type {type} after {(byteLevel ? "ByteLevel" : "Fuse")}, which cannot be decoded as a stream");
            switch (type)
            {
                case "ByteLevel":
                    byteLevel = true;
                    break;
                case "ByteFallback":
                    bytes = true;
                    break;
                case "Fuse":
                    fused = true;
                    break;
                case "Strip":
                    leading += Strip(step, fused, steps);
                    break;
                case "Replace":
                    steps.Add(Replace(step));
                    break;
                case "Metaspace":
                    char replacement = JsonSplitters.Replacement(step);
                    steps.Add(name => name.Replace(replacement, ' '));
                    leading = JsonSplitters.Scheme(step) == PrependScheme.Never ? 0 : 1;
                    break;
                case "WordPiece":
                    steps.Add(WordPiece(step));
                    leading = 1;
                    break;
                default:
                    throw step.Error($"has the type {type}, which is none of ByteLevel, ByteFallback, Fuse, Strip, Replace, Metaspace, "
                        + "WordPiece, Sequence");
            }
        }
        return new TokenDecoder(name => Decode(name, steps, bytes, byteLevel), leading);
    }

    private static byte[] Decode(string name, List<Func<string, string>> steps, bool bytes, bool byteLevel)
    {
        foreach (var step in steps)
            name = step(name);
        if (bytes && ByteTokens.TryParse(name, out byte value))
            return [value];
        return byteLevel ? ByteAlphabet.BytesOf(name) : Vocabulary.Utf8(name);
    }

    private static IEnumerable<JsonPart> Flatten(JsonPart part) =>
        part.Type() == "Sequence" ? part["decoders"].Items().SelectMany(Flatten) : [part];

    private static int Strip(JsonPart step, bool fused, List<Func<string, string>> steps)
    {
        int start = step["start"].Int(), stop = step["stop"].Int();
        if (step["content"].String() is not [var content] || start < 0 || stop < 0)
            throw step.Error("does not strip a number of times one character");
        if (fused)
        {
            return stop == 0 && content == ' '
                ? start
                : throw step.Error("strips the end of the text or something other than spaces, which cannot be decoded as a stream");
        }
        steps.Add(name => StripToken(name, content, start, stop));
        return 0;
    }

    private static string StripToken(string name, char content, int start, int stop)
    {
        int from = 0, to = name.Length;
        while (from < to && from < start && name[from] == content)
            from++;
        while (to > from && name.Length - to < stop && name[to - 1] == content)
            to--;
        return name[from..to];
    }

    private static Func<string, string> Replace(JsonPart step)
    {
        string from = step["pattern"]["String"].String(), to = step["content"].String();
        return from.Length == 0 ? throw step.Error("replaces an empty pattern") : name => name.Replace(from, to, StringComparison.Ordinal);
    }

    private static Func<string, string> WordPiece(JsonPart step)
    {
        string prefix = step["prefix"].StringOrNull() ?? "##";
        bool cleanup = step["cleanup"].Bool(true);
        return name => prefix.Length > 0 && name.StartsWith(prefix, StringComparison.Ordinal)
            ? name[prefix.Length..]
            : WordPieceText.AfterSpace(name, cleanup);
    }
}
