using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Ponder.Reasoning.Answers.Extraction;

namespace Ponder.Reasoning.Composition;

/// <summary>
/// Reads the parts of a question out of what a policy said: JSON, or lines with numbers. What a part needs stands in brackets behind it, in a field of the
/// JSON, or shows in its words (<c>#1</c>, <c>part 1</c>). A part can need earlier ones only, so that parts never wait for each other in a ring.
/// </summary>
internal static partial class PartList
{
    private static readonly string[] QuestionNames = ["question", "q", "subquestion", "sub_question", "sub-question", "text", "description"];
    private static readonly string[] NeedsNames = ["needs", "depends", "depends_on", "depend", "dependencies", "dependsOn"];

    /// <summary>Reads parts.</summary>
    /// <param name="text">What the policy said.</param>
    /// <param name="most">Most parts; what comes after them is left out.</param>
    /// <returns>Different questions, numbered from 1; empty where the text lists none.</returns>
    public static IReadOnlyList<Part> Read(string text, int most)
    {
        var drafts = InJson(text);
        if (drafts.Count == 0)
            drafts = InLines(text);
        var numbers = new Dictionary<int, int>();               // as the text counts, and as we do
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var parts = new List<Part>();
        foreach (var draft in drafts)
        {
            if (draft.Question.Length == 0 || !seen.Add(draft.Question))
                continue;
            if (parts.Count == most)
                break;
            int[] needs = [.. draft.Needs.Where(numbers.ContainsKey).Select(need => numbers[need]).Distinct().Order()];
            parts.Add(new Part(parts.Count + 1, draft.Question, needs));
            numbers.TryAdd(draft.Number, parts.Count);
        }
        return parts;
    }

    private static List<Draft> InLines(string text)
    {
        var drafts = new List<Draft>();
        foreach (string line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (Item.Match(line) is not { Success: true } item || NumberOf(item.Groups["number"].Value) is not int number)
                continue;
            string words = item.Groups["text"].Value;
            var needs = Bracket.Match(words) is { Success: true } bracket ? NumbersIn(bracket.Value) : ReferencesIn(words);
            drafts.Add(new Draft(number, Bracket.Replace(words, "").Trim(' ', '*', '\t'), needs));
        }
        return drafts;
    }

    private static List<Draft> InJson(string text)
    {
        var drafts = new List<Draft>();
        if (JsonText.Last(text) is not { } value || ListIn(value) is not { } list)
            return drafts;
        foreach (var item in list.EnumerateArray())
        {
            int number = drafts.Count + 1;
            if (item.ValueKind == JsonValueKind.String)
                drafts.Add(new Draft(number, item.GetString()!.Trim(), ReferencesIn(item.GetString()!)));
            else if (item.ValueKind == JsonValueKind.Object && Find(item, QuestionNames) is { ValueKind: JsonValueKind.String } question)
                drafts.Add(new Draft(number, question.GetString()!.Trim(), Find(item, NeedsNames) is { } needs ? NumbersIn(needs.GetRawText()) : ReferencesIn(question.GetString()!)));
        }
        return drafts;
    }

    private static JsonElement? ListIn(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Array => value,
        JsonValueKind.Object => value.EnumerateObject().Select(field => field.Value).Cast<JsonElement?>().FirstOrDefault(field => field!.Value.ValueKind == JsonValueKind.Array),
        _ => null,
    };

    private static JsonElement? Find(JsonElement item, string[] names)
    {
        foreach (string name in names)
        {
            if (item.TryGetProperty(name, out var found))
                return found;
        }
        return null;
    }

    private static List<int> ReferencesIn(string words) =>
        [.. Reference.Matches(words).Select(match => NumberOf(match.Groups["number"].Value)).OfType<int>()];

    private static List<int> NumbersIn(string words) => [.. Digits.Matches(words).Select(match => NumberOf(match.Value)).OfType<int>()];

    private static int? NumberOf(string digits) => int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;

    private sealed record Draft(int Number, string Question, IReadOnlyList<int> Needs);

    [GeneratedRegex(@"^(?:[-*•>]\s*)?(?:\*\*)?(?:(?:sub-?\s?)?question|part|step|q)?\s*#?(?<number>[0-9]{1,2})\s*(?:\*\*)?[.):](?:\*\*)?\s*(?<text>\S.*)$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Item { get; }

    [GeneratedRegex(@"[(\[]\s*(needs?|depends?|uses?|requires?|from)\b[^)\]]*[)\]]", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Bracket { get; }

    [GeneratedRegex(@"(#|\b(question|part|step|answer)\s+)(?<number>[0-9]{1,2})\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Reference { get; }

    [GeneratedRegex("[0-9]{1,2}", RegexOptions.CultureInvariant)]
    private static partial Regex Digits { get; }
}
