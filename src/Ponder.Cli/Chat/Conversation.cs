using Ponder.Models.Templates;

namespace Ponder.Cli.Chat;

/// <summary>The messages of a conversation, oldest first; the system message, if there is one, stands at the front.</summary>
/// <param name="system">The system message, or null.</param>
internal sealed class Conversation(string? system)
{
    private readonly List<ChatTurn> _turns = [];

    /// <summary>The system message, or null.</summary>
    public string? System { get; set; } = system;

    /// <summary>All messages, the system message first.</summary>
    public IReadOnlyList<ChatTurn> Messages => System is null ? _turns : [new ChatTurn("system", System), .. _turns];

    /// <summary>Adds a question and its answer.</summary>
    public void Add(ChatTurn question, string answer)
    {
        _turns.Add(question);
        _turns.Add(new ChatTurn("assistant", answer));
    }

    /// <summary>Forgets everything but the system message.</summary>
    public void Reset() => _turns.Clear();

    /// <summary>Writes the messages: a JSON array, or a message a line where the name ends in <c>.jsonl</c>.</summary>
    /// <exception cref="UsageException">The file cannot be written.</exception>
    public void Save(string path)
    {
        string[] messages = [.. Messages.Select(Json)];
        string text = path.EndsWith(".jsonl", StringComparison.OrdinalIgnoreCase)
            ? string.Concat(messages.Select(message => message + "\n"))
            : $"[{string.Join(",\n ", messages)}]\n";
        try
        {
            File.WriteAllText(path, text);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new UsageException($"{path}: it cannot be written: {e.Message.TrimEnd('.')}.", e);
        }
    }

    private static string Json(ChatTurn turn) => JsonText.Of(json =>
    {
        json.WriteStartObject();
        json.WriteString("role", turn.Role);
        json.WriteString("content", turn.Content);
        json.WriteEndObject();
    });
}
