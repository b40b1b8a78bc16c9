using Ponder.Models.Files.Json;
using Ponder.Models.Tokenizers.Splitting;

namespace Ponder.Models.Tokenizers.Json;

/// <summary>Reads <c>pre_tokenizer</c>.</summary>
internal static class JsonSplitters
{
    private static readonly Matcher Digit = RunMatcher.TryParse(@"\p{N}")!;
    private static readonly Matcher DigitRun = RunMatcher.TryParse(@"\p{N}+")!;

    /// <summary>Builds the splitters.</summary>
    /// <param name="part">The field.</param>
    /// <param name="byteLevel">True when the model works on bytes.</param>
    public static Splitter[] Read(JsonPart part, out bool byteLevel)
    {
        var splitters = new List<Splitter>();
        byteLevel = false;
        foreach (var step in part.IsNull ? [] : Flatten(part))
        {
            string type = step.Type();
            if (byteLevel)
                throw step.Error($"has the type {type} after ByteLevel, which must be the last");
            switch (type)
            {
                case "ByteLevel":
                    byteLevel = true;
                    if (step["add_prefix_space"].Bool(true))
                        splitters.Add(new PrefixSpaceSplitter());
                    if (step["use_regex"].Bool(true))
                        splitters.Add(new Gpt2Splitter());
                    break;
                case "Split":
                    splitters.Add(Split(step));
                    break;
                case "Digits":
                    splitters.Add(new BehaviorSplitter(step["individual_digits"].Bool(false) ? Digit : DigitRun, SplitBehavior.Isolated));
                    break;
                case "Metaspace":
                    splitters.Add(new MetaspaceSplitter(Replacement(step), Scheme(step), step["split"].Bool(true)));
                    break;
                case "BertPreTokenizer":
                    splitters.Add(new WhiteSpaceSplitter(isolatesPunctuation: true));
                    break;
                case "WhitespaceSplit":
                    splitters.Add(new WhiteSpaceSplitter(isolatesPunctuation: false));
                    break;
                case "Whitespace":
                    splitters.Add(new BehaviorSplitter(new WordMatcher(), SplitBehavior.Removed, invert: true));
                    break;
                case "Punctuation":
                    splitters.Add(new BehaviorSplitter(new PunctuationMatcher(), Behavior(step["behavior"], SplitBehavior.Isolated)));
                    break;
                default:
                    throw step.Error($"has the type {type}, which is none of ByteLevel, Split, Digits, Metaspace, BertPreTokenizer, "
                        + "WhitespaceSplit, Whitespace, Punctuation, Sequence");
            }
        }
        return [.. splitters];
    }

    /// <summary>The mark of a Metaspace step.</summary>
    public static char Replacement(JsonPart step) =>
        (step["replacement"].StringOrNull() ?? "▁") is [var mark] ? mark : throw step["replacement"].Wrong("one character");

    /// <summary>When a Metaspace step puts its mark before a text; older files say add_prefix_space.</summary>
    public static PrependScheme Scheme(JsonPart step)
    {
        bool prefix = step["add_prefix_space"].Bool(true);
        return step["prepend_scheme"].StringOrNull() switch
        {
            null => prefix ? PrependScheme.Always : PrependScheme.Never,
            "always" => PrependScheme.Always,
            "first" => PrependScheme.First,
            "never" => PrependScheme.Never,
            var other => throw step["prepend_scheme"].Error($"is {other}, which is none of always, first, never"),
        };
    }

    private static IEnumerable<JsonPart> Flatten(JsonPart part) =>
        part.Type() == "Sequence" ? part["pretokenizers"].Items().SelectMany(Flatten) : [part];

    private static Splitter Split(JsonPart step)
    {
        var behavior = Behavior(step["behavior"], missing: null);
        bool invert = step["invert"].Bool(false);
        var pattern = step["pattern"];
        if (pattern["Regex"].IsNull)
        {
            string literal = pattern["String"].String();
            return literal.Length > 0 ? new BehaviorSplitter(new LiteralMatcher(literal), behavior, invert) : throw pattern.Error("is empty");
        }
        string regex = pattern["Regex"].String();
        // The known patterns match everywhere, so that nothing is between their matches.
        bool pieces = behavior == SplitBehavior.Isolated || (behavior == SplitBehavior.Removed && invert);
        if (pieces && Patterns.Known(regex) is { } known)
            return known;
        return new BehaviorSplitter(Patterns.Read(regex, pattern), behavior, invert);
    }

    private static SplitBehavior Behavior(JsonPart part, SplitBehavior? missing)
    {
        if (part.IsNull && missing is { } value)
            return value;
        string name = part.String();
        return Enum.TryParse(name, out SplitBehavior behavior) && Enum.IsDefined(behavior) && behavior.ToString() == name
            ? behavior
            : throw part.Error($"is {name}, which is none of {string.Join(", ", Enum.GetNames<SplitBehavior>())}");
    }
}
