using System.Text.Json;
using Ponder.Reasoning.Budgets;
using Ponder.Reasoning.Sessions;

namespace Ponder.Reasoning.Traces;

/// <summary>Lines of a trace as JSON: how they are read. What a reader cannot do without is demanded, anything else may be missing.</summary>
internal static class TraceParser
{
    /// <summary>Reads the first line.</summary>
    /// <exception cref="FormatException">What is wrong with it, as half a sentence.</exception>
    public static TraceHead Head(JsonElement line)
    {
        if (line.ValueKind != JsonValueKind.Object || Text(line, "kind") != "trace")
            throw new FormatException("does not begin a trace");
        int version = Whole(line, "version");
        if (version != TraceJson.Version)
            throw new FormatException($"has version {version} of the format, where {TraceJson.Version} is known");
        ulong seed = line.TryGetProperty("seed", out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetUInt64(out ulong known) ? known : 0;
        return new TraceHead(Text(line, "strategy") ?? "", Text(line, "policy") ?? "", Text(line, "reward"), seed);
    }

    /// <summary>Reads any other line.</summary>
    /// <exception cref="FormatException">What is wrong with it, as half a sentence.</exception>
    public static TraceLine Line(JsonElement line)
    {
        if (line.ValueKind != JsonValueKind.Object)
            throw new FormatException("is no JSON object");
        int problem = Whole(line, "problem");
        var at = Time(line, "at");
        return Text(line, "kind") switch
        {
            "problem" => new TraceLine.Began(problem, Text(line, "id") ?? "", Text(line, "task") ?? "", Text(line, "question") ?? ""),
            "thought" => Growth(line, problem, at),
            "score" => new TraceLine.Scored(problem, at, Whole(line, "number"), Number(line, "reward"), Numbers(line, "step_rewards"), Whole(line, "reward_tokens", 0)),
            "verdict" => new TraceLine.Verified(problem, at, Whole(line, "number"), Truth(line, "correct"), Text(line, "answer"), Text(line, "reason")),
            "rejected" => new TraceLine.Rejected(problem, at, Whole(line, "number")),
            "step" => new TraceLine.Spent(problem, at, Step(line)),
            "note" => new TraceLine.Noted(problem, at, Text(line, "text") ?? ""),
            "outcome" => Outcome(line, problem, at),
            string kind => throw new FormatException($"has the kind '{(kind.Length > 40 ? kind[..40] : kind)}', which is not known"),
            null => throw new FormatException("has no 'kind'"),
        };
    }

    private static TraceLine.Grew Growth(JsonElement line, int problem, TimeSpan at)
    {
        var ids = Numbers(line, "ids");
        var pieces = Elements(line, "pieces");
        var logs = Numbers(line, "logprobs");
        if (pieces.Count != ids.Count || (logs.Count > 0 && logs.Count != ids.Count))
            throw new FormatException("has not as many 'pieces' or 'logprobs' as 'ids'");
        var tokens = new TraceToken[ids.Count];
        for (int i = 0; i < tokens.Length; i++)
        {
            if (ids[i] is not (>= -1 and <= int.MaxValue) || pieces[i].ValueKind != JsonValueKind.String)
                throw new FormatException("has 'ids' that are no ids, or 'pieces' that are no texts");
            tokens[i] = new TraceToken((int)ids[i]!.Value, pieces[i].GetString()!, logs.Count > 0 ? logs[i] : null);
        }
        string? end = Text(line, "end");
        return new TraceLine.Grew(problem, at, Whole(line, "number"))
        {
            Parent = line.TryGetProperty("parent", out var parent) && parent.ValueKind != JsonValueKind.Null ? Whole(line, "parent") : null,
            Depth = Whole(line, "depth", 0),
            IsAnswer = Truth(line, "is_answer") ?? true,
            Started = Time(line, "started"),
            Prompt = Text(line, "prompt"),
            Text = Text(line, "text") ?? "",
            Tokens = tokens,
            Count = Whole(line, "tokens", tokens.Length),
            End = end is null ? null : Enum.GetValues<ThoughtEnd>().Cast<ThoughtEnd?>().FirstOrDefault(known => TraceJson.NameOf(known!.Value) == end)
                ?? throw new FormatException("has an 'end' that is not known"),
            Answer = Text(line, "answer"),
        };
    }

    private static LedgerStep Step(JsonElement line) => new(
        Text(line, "name") ?? "", Whole(line, "thoughts", 0), Long(line, "generated"), Long(line, "sequential"), Long(line, "prompt"), Long(line, "reward"),
        Whole(line, "kv", 0), Time(line, "seconds"))
    {
        SharedTokens = Long(line, "shared"),
        RecomputedTokens = Long(line, "recomputed"),
        AverageKvTokens = Number(line, "kv_average") ?? double.NaN,
        Flops = Number(line, "flops") ?? double.NaN,
        Bytes = Number(line, "bytes") ?? double.NaN,
    };

    private static TraceLine.Ended Outcome(JsonElement line, int problem, TimeSpan at)
    {
        var ledger = line.TryGetProperty("ledger", out var value) && value.ValueKind == JsonValueKind.Object
            ? new Ledger
            {
                GeneratedTokens = Long(value, "generated"),
                PromptTokens = Long(value, "prompt"),
                SharedTokens = Long(value, "shared"),
                RecomputedTokens = Long(value, "recomputed"),
                RewardTokens = Long(value, "reward"),
                SequentialTokens = Long(value, "sequential"),
                Samples = Whole(value, "samples", 0),
                Verified = Whole(value, "verified", 0),
                AverageKvTokens = Number(value, "kv_average") ?? 0,
                PeakKvTokens = Whole(value, "kv_peak", 0),
                Flops = Number(value, "flops") ?? double.NaN,
                Bytes = Number(value, "bytes") ?? double.NaN,
                Time = Time(value, "seconds"),
            }
            : throw new FormatException("has no 'ledger'");
        return new TraceLine.Ended(problem, at)
        {
            Chosen = line.TryGetProperty("chosen", out var chosen) && chosen.ValueKind != JsonValueKind.Null ? Whole(line, "chosen") : null,
            Answer = Text(line, "answer"),
            Confidence = Number(line, "confidence"),
            IsCorrect = Truth(line, "correct"),
            Right = Wholes(line, "right"),
            Wrong = Wholes(line, "wrong"),
            Ledger = ledger,
        };
    }

    private static int[] Wholes(JsonElement line, string name) => [.. Numbers(line, name).Select(number => number is >= 0 and <= int.MaxValue
        ? (int)number.Value
        : throw new FormatException($"has '{name}' that are no thoughts' numbers"))];

    private static IReadOnlyList<double?> Numbers(JsonElement line, string name) => [.. Elements(line, name).Select(element => element.ValueKind switch
    {
        JsonValueKind.Null => (double?)null,
        JsonValueKind.Number => element.GetDouble(),
        _ => throw new FormatException($"has '{name}' that are no numbers"),
    })];

    private static IReadOnlyList<JsonElement> Elements(JsonElement line, string name) =>
        !line.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null ? []
        : value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray()]
        : throw new FormatException($"has '{name}' that is no array");

    private static int Whole(JsonElement line, string name, int? missing = null)
    {
        if (missing is int usual && !line.TryGetProperty(name, out _))
            return usual;
        return line.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int number) && number >= 0
            ? number
            : throw new FormatException($"has no whole number '{name}'");
    }

    private static long Long(JsonElement line, string name) =>
        !line.TryGetProperty(name, out var value) ? 0
        : value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out long number) && number >= 0 ? number
        : throw new FormatException($"has no whole number '{name}'");

    private static double? Number(JsonElement line, string name) =>
        !line.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null ? null
        : value.ValueKind == JsonValueKind.Number ? value.GetDouble()
        : throw new FormatException($"has '{name}' that is no number");

    private static TimeSpan Time(JsonElement line, string name) => Number(line, name) is not double seconds ? TimeSpan.Zero
        : seconds is >= 0 and < 1e9 ? TimeSpan.FromSeconds(seconds)
        : throw new FormatException($"has '{name}' that is no time");

    private static bool? Truth(JsonElement line, string name) =>
        !line.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null ? null
        : value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean()
        : throw new FormatException($"has '{name}' that is neither true nor false");

    private static string? Text(JsonElement line, string name) =>
        !line.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null ? null
        : value.ValueKind == JsonValueKind.String ? value.GetString()
        : throw new FormatException($"has '{name}' that is no text");
}
