using Ponder.Models.Files.Json;

namespace Ponder.Models.Tokenizers.Json;

/// <summary>Reads <c>post_processor</c>: the ids around a single text.</summary>
internal static class JsonPostProcessors
{
    /// <summary>The ids before and after the text.</summary>
    public static (int[] Prefix, int[] Suffix) Read(JsonPart part, TokenTable table)
    {
        if (part.IsNull)
            return ([], []);
        switch (part.Type())
        {
            case "ByteLevel":       // moves offsets only
                return ([], []);
            case "BertProcessing" or "RobertaProcessing":
                return ([PairId(part["cls"], table)], [PairId(part["sep"], table)]);
            case "TemplateProcessing":
                return Template(part, table);
            case "Sequence":
                int[] prefix = [], suffix = [];
                foreach (var item in part["processors"].Items())
                {
                    var (before, after) = Read(item, table);
                    (prefix, suffix) = ([.. before, .. prefix], [.. suffix, .. after]);
                }
                return (prefix, suffix);
            case var other:
                throw part.Error($"has the type {other}, which is none of ByteLevel, BertProcessing, RobertaProcessing, "
                    + "TemplateProcessing, Sequence");
        }
    }

    private static (int[], int[]) Template(JsonPart part, TokenTable table)
    {
        List<int> prefix = [], suffix = [];
        var target = prefix;
        foreach (var item in part["single"].Items())
        {
            if (item["Sequence"] is { IsNull: false } sequence)
            {
                if (sequence["id"].String() != "A" || target == suffix)
                    throw sequence.Error("is not the text A, once");
                target = suffix;
                continue;
            }
            var token = part["special_tokens"][item["SpecialToken"]["id"].String()];
            foreach (var id in token["ids"].Items())
                target.Add(Known(id, table));
        }
        if (target == prefix)
            throw part.Error("has a template for single texts without the text itself");
        return ([.. prefix], [.. suffix]);
    }

    // BertProcessing writes ["[SEP]", 102].
    private static int PairId(JsonPart pair, TokenTable table) =>
        pair.Items().ToArray() is [_, var id] ? Known(id, table) : throw pair.Wrong("a pair of a name and an id");

    private static int Known(JsonPart id, TokenTable table) =>
        id.Int() is var value && table.Has(value) ? value : throw id.Error($"holds {value}, which is not the id of a token");
}
