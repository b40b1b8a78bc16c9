namespace Ponder.Reasoning.Answers.Extraction;

/// <summary>The contents of LaTeX boxes: <c>\boxed{…}</c>, <c>\fbox{…}</c> and <c>\boxed 5</c>.</summary>
internal static class BoxedText
{
    private static readonly string[] Commands = [@"\boxed", @"\fbox"];

    // A text cut in the middle of its last box still has the boxes before it; a text of nothing but open boxes is given up soon.
    private const int MaxTries = 16;

    /// <summary>What stands in the last box that is closed; null for none.</summary>
    public static string? Last(string text)
    {
        int end = text.Length;
        for (int i = 0; i < MaxTries && LastCommand(text, end) is var (start, after); i++)
        {
            if (Content(text, after) is { Length: > 0 } content)
                return content;
            end = start;
        }
        return null;
    }

    private static (int Start, int After)? LastCommand(string text, int end)
    {
        (int Start, int After)? last = null;
        foreach (string command in Commands)
        {
            int at = text.AsSpan(0, end).LastIndexOf(command);
            if (at >= 0 && (last is null || at > last.Value.Start))
                last = (at, at + command.Length);
        }
        return last;
    }

    private static string? Content(string text, int at)
    {
        while (at < text.Length && char.IsWhiteSpace(text[at]))
            at++;
        if (at == text.Length)
            return null;
        if (text[at] == '{')
            return Braces.Close(text, at) is int close ? text[(at + 1)..close].Trim() : null;
        int end = at;
        while (end < text.Length && !char.IsWhiteSpace(text[end]) && text[end] is not ('$' or '}'))
            end++;
        return text[at..end].TrimEnd('.', ',', ';');
    }
}
