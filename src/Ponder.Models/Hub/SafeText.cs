namespace Ponder.Models.Hub;

/// <summary>Text from a server or a command line, made fit to stand in one line of an error message.</summary>
internal static class SafeText
{
    private const int Longest = 200;
    private const int MostNames = 24;

    /// <summary>The text without control characters, shortened where it is long.</summary>
    public static string Of(string text)
    {
        string line = string.Concat(text.Take(Longest).Select(c => char.IsControl(c) ? '?' : c));
        return text.Length > Longest ? line + "…" : line;
    }

    /// <summary>Some names as a list within a sentence.</summary>
    public static string List(IEnumerable<string> names)
    {
        string[] all = [.. names];
        string shown = string.Join(", ", all.Take(MostNames).Select(Of));
        if (all.Length == 0)
            return "nothing";
        return all.Length > MostNames ? $"{shown} and {all.Length - MostNames} more" : shown;
    }
}
