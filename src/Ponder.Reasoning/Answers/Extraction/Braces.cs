namespace Ponder.Reasoning.Answers.Extraction;

/// <summary>Finds the ends of LaTeX groups.</summary>
internal static class Braces
{
    /// <summary>The place of the brace that closes the one at <paramref name="open"/>; null when it stays open. <c>\{</c> and <c>\}</c> are letters.</summary>
    public static int? Close(ReadOnlySpan<char> text, int open)
    {
        int depth = 0;
        for (int i = open; i < text.Length; i++)
        {
            switch (text[i])
            {
                case '\\':
                    i++;
                    break;
                case '{':
                    depth++;
                    break;
                case '}' when --depth == 0:
                    return i;
            }
        }
        return null;
    }
}
