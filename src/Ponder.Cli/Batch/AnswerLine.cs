using System.Text.Json;
using Ponder.Inference.Generation;

namespace Ponder.Cli.Batch;

/// <summary>The lines of the answer file.</summary>
internal static class AnswerLine
{
    private const string ErrorField = "error", TextField = "text", ChoicesField = "choices";

    /// <summary>How every line begins: what a torn one is known by.</summary>
    private static ReadOnlySpan<byte> Beginning => "{\"id\":"u8;

    /// <summary>The line of an answer.</summary>
    public static string Of(RequestId id, GenerationRequest request, IReadOnlyList<Completion> answers) => JsonText.Of(json =>
    {
        json.WriteStartObject();
        id.Write(json);
        if (answers.Count == 1)
            WriteAnswer(json, answers[0], request);
        else
        {
            json.WriteStartArray(ChoicesField);
            for (int i = 0; i < answers.Count; i++)
            {
                json.WriteStartObject();
                json.WriteNumber("index", i);
                WriteAnswer(json, answers[i], request);
                json.WriteEndObject();
            }
            json.WriteEndArray();
        }
        long generated = answers.Sum(answer => (long)answer.Ids.Count);
        json.WriteStartObject("usage");
        json.WriteNumber("prompt_tokens", request.Prompt.Count);
        json.WriteNumber("completion_tokens", generated);
        json.WriteNumber("total_tokens", request.Prompt.Count + generated);
        json.WriteEndObject();
        json.WriteNumber("seed", request.Options.Sampling.Seed);
        json.WriteEndObject();
    });

    /// <summary>The line of a request that has no answer.</summary>
    /// <param name="id">The request's.</param>
    /// <param name="line">Where it stands in the request file.</param>
    /// <param name="sentence">What is wrong.</param>
    public static string Of(RequestId id, long line, string sentence) => JsonText.Of(json =>
    {
        json.WriteStartObject();
        id.Write(json);
        json.WriteNumber("line", line);
        json.WriteString(ErrorField, sentence);
        json.WriteEndObject();
    });

    /// <summary>Reads whose answer a line is, and whether it is an error; false when it is no answer.</summary>
    public static bool TryRead(ReadOnlyMemory<byte> line, out RequestId id, out bool isError)
    {
        (id, isError) = (default, false);
        try
        {
            using var json = JsonDocument.Parse(line);
            var root = json.RootElement;
            if (root.ValueKind != JsonValueKind.Object || RequestId.Of(root) is not { } found)
                return false;
            id = found;
            isError = root.TryGetProperty(ErrorField, out _);
            return isError || root.TryGetProperty(TextField, out _) || root.TryGetProperty(ChoicesField, out _);
        }
        catch (Exception e) when (e is JsonException or UsageException or InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>A line without an end may be the beginning of an answer.</summary>
    public static bool MayBeTorn(ReadOnlySpan<byte> line)
    {
        int length = Math.Min(line.Length, Beginning.Length);
        return line[..length].SequenceEqual(Beginning[..length]);
    }

    private static void WriteAnswer(Utf8JsonWriter json, Completion answer, GenerationRequest request)
    {
        json.WriteString(TextField, answer.Text);
        json.WriteIds("token_ids", answer.Ids);
        json.WriteString("finish_reason", answer.Finish == FinishReason.Length ? "length" : "stop");
        if (!request.Options.LogProbabilities)
            return;
        json.WriteStartArray("logprobs");
        foreach (double logProbability in answer.LogProbabilities)
            json.WriteNumberValue(logProbability);
        json.WriteEndArray();
    }
}
