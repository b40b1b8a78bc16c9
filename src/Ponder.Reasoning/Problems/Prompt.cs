using Ponder.Models.Templates;

namespace Ponder.Reasoning.Problems;

/// <summary>What a policy is given to answer: a plain text that it continues, or a conversation that it answers.</summary>
public sealed record Prompt
{
    private Prompt(string? text, IReadOnlyList<ChatTurn> turns) => (Text, Turns) = (text, turns);

    /// <summary>The plain text; null for a conversation.</summary>
    public string? Text { get; }

    /// <summary>The conversation; empty for a plain text.</summary>
    public IReadOnlyList<ChatTurn> Turns { get; }

    /// <summary>A text that the policy continues as it stands.</summary>
    public static Prompt Plain(string text)
    {
        ArgumentException.ThrowIfNullOrEmpty(text);
        return new Prompt(text, []);
    }

    /// <summary>A conversation that the policy answers, by its own chat template.</summary>
    /// <param name="turns">At least one; the last is the user's.</param>
    public static Prompt Chat(params IReadOnlyList<ChatTurn> turns)
    {
        ArgumentNullException.ThrowIfNull(turns);
        ArgumentOutOfRangeException.ThrowIfZero(turns.Count);
        return new Prompt(null, turns);
    }

    /// <summary>A question of the user's, with or without a system message before it.</summary>
    public static Prompt Ask(string question, string? system = null) =>
        system is null ? Chat(new ChatTurn("user", question)) : Chat(new ChatTurn("system", system), new ChatTurn("user", question));

    /// <summary>The prompt behind which an answer was given and a further request made of whoever answers.</summary>
    /// <param name="answer">What was answered.</param>
    /// <param name="request">What is asked now.</param>
    public Prompt Then(string answer, string request) => Text is null
        ? Chat([.. Turns, new ChatTurn("assistant", answer), new ChatTurn("user", request)])
        : Plain($"{Text}{answer}\n\n{request}\n\n");

    /// <summary>Another request, put as this one is: a conversation for a conversation, a plain text for a plain text.</summary>
    public Prompt Instead(string request) => Text is null ? Ask(request) : Plain(request + "\n\n");

    /// <summary>The text, or the turns' texts one after another, with a blank line between them.</summary>
    public string AsText() => Text ?? string.Join("\n\n", Turns.Select(turn => turn.Content));
}
