using System.Text.Json;
using Ponder.Reasoning.Budgets;
using Ponder.Reasoning.Sessions;

namespace Ponder.Reasoning.Traces;

/// <summary>Lines of a trace as JSON: how they are written. <see cref="TraceParser"/> reads them.</summary>
internal static class TraceJson
{
    /// <summary>The version of the format.</summary>
    public const int Version = 1;

    /// <summary>The first line.</summary>
    public static void Write(Utf8JsonWriter json, TraceHead head)
    {
        json.WriteStartObject();
        json.WriteString("kind", "trace");
        json.WriteNumber("version", Version);
        json.WriteString("strategy", head.Strategy);
        json.WriteString("policy", head.Policy);
        json.WriteString("reward", head.Reward);
        json.WriteNumber("seed", head.Seed);
        json.WriteEndObject();
    }

    /// <summary>Any other line.</summary>
    public static void Write(Utf8JsonWriter json, TraceLine line)
    {
        json.WriteStartObject();
        json.WriteString("kind", KindOf(line));
        json.WriteNumber("problem", line.Problem);
        Write(json, "at", line.At);
        switch (line)
        {
            case TraceLine.Began began:
                json.WriteString("id", began.Id);
                json.WriteString("task", began.Task);
                json.WriteString("question", began.Question);
                break;
            case TraceLine.Grew grew:
                WriteGrowth(json, grew);
                break;
            case TraceLine.Scored scored:
                json.WriteNumber("number", scored.Number);
                Write(json, "reward", scored.Reward);
                json.WriteStartArray("step_rewards");
                foreach (double? step in scored.Steps)
                    Write(json, step);
                json.WriteEndArray();
                json.WriteNumber("reward_tokens", scored.Tokens);
                break;
            case TraceLine.Verified verified:
                json.WriteNumber("number", verified.Number);
                Write(json, "correct", verified.IsCorrect);
                json.WriteString("answer", verified.Answer);
                json.WriteString("reason", verified.Reason);
                break;
            case TraceLine.Rejected rejected:
                json.WriteNumber("number", rejected.Number);
                break;
            case TraceLine.Spent spent:
                WriteStep(json, spent.Step);
                break;
            case TraceLine.Noted noted:
                json.WriteString("text", noted.Text);
                break;
            case TraceLine.Ended ended:
                WriteOutcome(json, ended);
                break;
        }
        json.WriteEndObject();
    }

    /// <summary>Why a thought ended, as it is written.</summary>
    public static string NameOf(ThoughtEnd end) => end switch
    {
        ThoughtEnd.Finished => "finished",
        ThoughtEnd.Length => "length",
        ThoughtEnd.Budget => "budget",
        ThoughtEnd.Time => "time",
        _ => "rejected",
    };

    private static string KindOf(TraceLine line) => line switch
    {
        TraceLine.Began => "problem",
        TraceLine.Grew => "thought",
        TraceLine.Scored => "score",
        TraceLine.Verified => "verdict",
        TraceLine.Rejected => "rejected",
        TraceLine.Spent => "step",
        TraceLine.Noted => "note",
        _ => "outcome",
    };

    private static void WriteGrowth(Utf8JsonWriter json, TraceLine.Grew grew)
    {
        json.WriteNumber("number", grew.Number);
        if (grew.Parent is int parent)
            json.WriteNumber("parent", parent);
        else
            json.WriteNull("parent");
        json.WriteNumber("depth", grew.Depth);
        json.WriteBoolean("is_answer", grew.IsAnswer);
        Write(json, "started", grew.Started);
        if (grew.Prompt is not null)
            json.WriteString("prompt", grew.Prompt);
        json.WriteString("text", grew.Text);
        json.WriteNumber("tokens", grew.Count);
        if (grew.Tokens.Count > 0)
        {
            json.WriteStartArray("ids");
            foreach (var token in grew.Tokens)
                json.WriteNumberValue(token.Id);
            json.WriteEndArray();
            json.WriteStartArray("pieces");
            foreach (var token in grew.Tokens)
                json.WriteStringValue(token.Text);
            json.WriteEndArray();
        }
        if (grew.Tokens.Any(token => token.LogProbability is not null))
        {
            json.WriteStartArray("logprobs");
            foreach (var token in grew.Tokens)
                Write(json, token.LogProbability is double value ? Math.Round(value, 5) : null);
            json.WriteEndArray();
        }
        json.WriteString("end", grew.End is ThoughtEnd end ? NameOf(end) : null);
        json.WriteString("answer", grew.Answer);
    }

    private static void WriteStep(Utf8JsonWriter json, LedgerStep step)
    {
        json.WriteString("name", step.Name);
        json.WriteNumber("thoughts", step.Thoughts);
        json.WriteNumber("generated", step.GeneratedTokens);
        json.WriteNumber("sequential", step.SequentialTokens);
        json.WriteNumber("prompt", step.PromptTokens);
        json.WriteNumber("shared", step.SharedTokens);
        json.WriteNumber("recomputed", step.RecomputedTokens);
        json.WriteNumber("reward", step.RewardTokens);
        json.WriteNumber("kv", step.KvTokens);
        Write(json, "kv_average", step.AverageKvTokens);
        Write(json, "flops", step.Flops);
        Write(json, "bytes", step.Bytes);
        Write(json, "seconds", step.Time);
    }

    private static void WriteOutcome(Utf8JsonWriter json, TraceLine.Ended ended)
    {
        Write(json, "chosen", ended.Chosen);
        json.WriteString("answer", ended.Answer);
        Write(json, "confidence", ended.Confidence);
        Write(json, "correct", ended.IsCorrect);
        Write(json, "right", ended.Right);
        Write(json, "wrong", ended.Wrong);
        var ledger = ended.Ledger;
        json.WriteStartObject("ledger");
        json.WriteNumber("generated", ledger.GeneratedTokens);
        json.WriteNumber("prompt", ledger.PromptTokens);
        json.WriteNumber("shared", ledger.SharedTokens);
        json.WriteNumber("recomputed", ledger.RecomputedTokens);
        json.WriteNumber("reward", ledger.RewardTokens);
        json.WriteNumber("sequential", ledger.SequentialTokens);
        json.WriteNumber("samples", ledger.Samples);
        json.WriteNumber("verified", ledger.Verified);
        Write(json, "kv_average", ledger.AverageKvTokens);
        json.WriteNumber("kv_peak", ledger.PeakKvTokens);
        Write(json, "flops", ledger.Flops);
        Write(json, "bytes", ledger.Bytes);
        Write(json, "seconds", ledger.Time);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, string name, IReadOnlyList<int> numbers)
    {
        json.WriteStartArray(name);
        foreach (int number in numbers)
            json.WriteNumberValue(number);
        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, string name, TimeSpan time) => json.WriteNumber(name, Math.Round(time.TotalSeconds, 6));

    private static void Write(Utf8JsonWriter json, string name, bool? value)
    {
        json.WritePropertyName(name);
        if (value is bool known)
            json.WriteBooleanValue(known);
        else
            json.WriteNullValue();
    }

    private static void Write(Utf8JsonWriter json, string name, double? value)
    {
        json.WritePropertyName(name);
        Write(json, value);
    }

    private static void Write(Utf8JsonWriter json, double? value)
    {
        if (value is double number && double.IsFinite(number))
            json.WriteNumberValue(number);
        else
            json.WriteNullValue();
    }
}
