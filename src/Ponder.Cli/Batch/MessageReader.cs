using System.Text.Json;
using Ponder.Models.Templates;

namespace Ponder.Cli.Batch;

/// <summary>Reads the messages of a conversation.</summary>
internal static class MessageReader
{
    private const string Role = "role", Content = "content";

    /// <summary>What templates read besides.</summary>
    private static readonly string[] Known = [Role, Content, "name", "tool_calls", "tool_call_id", "reasoning_content"];

    private static readonly string[] PartFields = ["type", "text"];

    /// <summary>The messages, oldest first.</summary>
    /// <exception cref="UsageException">Something in them is not as it should be.</exception>
    public static IReadOnlyList<ChatTurn> Read(FieldValue messages)
    {
        ChatTurn[] turns = [.. messages.Items("an array of messages").Select(Turn)];
        return turns.Length > 0 ? turns : throw new UsageException($"'{messages.Name}' holds no message.");
    }

    private static ChatTurn Turn(FieldValue message)
    {
        string? role = null, content = null;
        var others = new Dictionary<string, object?>();
        foreach (var field in message.Fields(Known))
        {
            var named = field with { Name = $"{message.Name}.{field.Name}" };
            if (field.Name == Role)
                role = named.Text();
            else if (field.Name == Content)
                content = Said(named);
            else
                others[field.Name] = field.Value;
        }
        return new ChatTurn(role ?? throw new UsageException($"'{message.Name}' has no '{Role}'."), content) { Fields = others };
    }

    /// <summary>A text, or parts of <c>{"type": "text", "text": ...}</c> one after another.</summary>
    private static string Said(FieldValue content) => content.Value.ValueKind == JsonValueKind.String
        ? content.Text()
        : string.Concat(content.Items("a text or an array of parts").Select(Part));

    private static string Part(FieldValue part)
    {
        var fields = part.Fields(PartFields).ToDictionary(field => field.Name);
        return fields.TryGetValue("text", out var text)
            ? (text with { Name = $"{part.Name}.text" }).Text()
            : throw new UsageException($"'{part.Name}' has no 'text'; other parts than texts are not read.");
    }
}
