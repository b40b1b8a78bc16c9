using System.Text.Json;

namespace Ponder.Models.Templates;

/// <summary>One message of a conversation as a template sees it.</summary>
/// <param name="Role">Who speaks: <c>system</c>, <c>user</c>, <c>assistant</c>, <c>tool</c>, or what the template knows.</param>
/// <param name="Content">What is said; null where there are tool calls only.</param>
public sealed record ChatTurn(string Role, string? Content)
{
    /// <summary>
    /// Further fields that templates of some families read: <c>name</c>, <c>tool_calls</c>, <c>tool_call_id</c>, <c>reasoning_content</c>.
    /// JSON elements and plain values.
    /// </summary>
    public IReadOnlyDictionary<string, object?> Fields { get; init; } = new Dictionary<string, object?>();
}

/// <summary>What surrounds the messages of a conversation.</summary>
public sealed record ChatVariables
{
    /// <summary>Ends the text with the beginning of the assistant's next turn.</summary>
    public bool AddGenerationPrompt { get; init; } = true;

    /// <summary>The tools as JSON schemas, or null.</summary>
    public IReadOnlyList<JsonElement>? Tools { get; init; }

    /// <summary>The text of the token that begins a text; null where the model has none, and the variable is undefined then.</summary>
    public string? BosToken { get; init; }

    /// <summary>The text of the token that ends a text; null where the model has none, and the variable is undefined then.</summary>
    public string? EosToken { get; init; }

    /// <summary>Further variables by name, such as <c>enable_thinking</c>; they win over the others.</summary>
    public IReadOnlyDictionary<string, object?> Extra { get; init; } = new Dictionary<string, object?>();
}

/// <summary>What a template printed.</summary>
/// <param name="Text">The text.</param>
/// <param name="Generated">The ranges of it, in UTF-16 units, that the assistant says, as the template's <c>generation</c> blocks mark them.</param>
public sealed record RenderedTemplate(string Text, IReadOnlyList<Range> Generated);
