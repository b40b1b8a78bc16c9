namespace Ponder.Reasoning.Strategies;

/// <summary>Finds the program in an answer.</summary>
internal static class CodeBlock
{
    private const string Fence = "```";

    /// <summary>What stands in the last whole block between fences; the whole text where there is none.</summary>
    public static string Last(string text)
    {
        string[] lines = text.Split('\n');
        int begin = -1;
        string? block = null;
        for (int i = 0; i < lines.Length; i++)
        {
            if (!lines[i].TrimStart().StartsWith(Fence, StringComparison.Ordinal))
                continue;
            if (begin < 0)
            {
                begin = i + 1;
            }
            else
            {
                block = string.Join('\n', lines[begin..i]);
                begin = -1;
            }
        }
        return block ?? text;
    }
}
