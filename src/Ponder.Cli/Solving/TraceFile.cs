using System.Text;
using System.Text.Json;
using Ponder.Reasoning.Sessions;
using Ponder.Reasoning.Solving;

namespace Ponder.Cli.Solving;

/// <summary>
/// A JSONL file with all that was thought: for each problem a line for each thought (<c>"kind": "thought"</c>), each entry of the ledger
/// (<c>step</c>) and each note (<c>note</c>). Lines are written as problems end.
/// </summary>
internal sealed class TraceFile : IDisposable
{
    private readonly StreamWriter _file;

    private TraceFile(StreamWriter file) => _file = file;

    /// <summary>Begins the file.</summary>
    public static TraceFile Create(string path, bool force)
    {
        Flag.DemandNewFile("--trace", path, force);
        var stream = new FileStream(path, force ? FileMode.Create : FileMode.CreateNew, FileAccess.Write, FileShare.Read);
        return new TraceFile(new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { NewLine = "\n" });
    }

    /// <summary>Writes a problem's lines.</summary>
    /// <param name="problem">Its index, from 0.</param>
    /// <param name="outcome">What came of it.</param>
    public void Write(int problem, Outcome outcome)
    {
        foreach (var thought in outcome.Thoughts)
            WriteLine("thought", problem, json => Write(json, thought));
        foreach (var step in outcome.Ledger.Steps)
            WriteLine("step", problem, json => SolveJson.Write(json, step));
        foreach (string note in outcome.Notes)
            WriteLine("note", problem, json => json.WriteString("text", note));
        _file.Flush();
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private void WriteLine(string kind, int problem, Action<Utf8JsonWriter> write) => _file.WriteLine(JsonText.Of(json =>
    {
        json.WriteStartObject();
        json.WriteString("kind", kind);
        json.WriteNumber("problem", problem);
        write(json);
        json.WriteEndObject();
    }));

    private static void Write(Utf8JsonWriter json, Thought thought)
    {
        json.WriteNumber("number", thought.Number);
        json.WriteNumberOrNull("parent", thought.Parent?.Number);
        json.WriteNumber("depth", thought.Depth);
        json.WriteBoolean("is_answer", thought.IsAnswer);
        if (thought.Parent is null)
            json.WriteString("prompt", thought.Prompt.AsText());
        json.WriteString("text", thought.Text);
        json.WriteString("own_text", thought.OwnText);
        json.WriteNumber("tokens", thought.GeneratedTokens);
        json.WriteNumber("own_tokens", thought.OwnTokens.Count);
        json.WriteString("end", thought.End?.ToString().ToLowerInvariant());
        json.WriteString("answer", thought.Answer);
        json.WriteNumberOrNull("reward", thought.Reward);
        json.WriteStartArray("step_rewards");
        foreach (double reward in thought.StepRewards)
        {
            if (double.IsFinite(reward))
                json.WriteNumberValue(reward);
            else
                json.WriteNullValue();
        }
        json.WriteEndArray();
        json.WritePropertyName("verdict");
        if (thought.Verdict is { } verdict)
        {
            json.WriteStartObject();
            json.WriteBooleanOrNull("correct", verdict.IsCorrect);
            json.WriteString("answer", verdict.Answer);
            json.WriteString("reason", verdict.Reason);
            json.WriteEndObject();
        }
        else
            json.WriteNullValue();
        json.WriteBooleanOrNull("correct", thought.IsCorrect);
    }
}
