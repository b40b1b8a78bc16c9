using System.Text.RegularExpressions;

namespace Ponder.Reasoning.Verifiers.Code;

/// <summary>Finds the code in what a policy said.</summary>
internal static partial class CodeBlocks
{
    /// <summary>
    /// The last fenced block that names the language; else the last one; else the whole text. A block that is not closed goes to the end.
    /// </summary>
    public static string Last(string text, CodeLanguage language)
    {
        string[] names = language == CodeLanguage.Python ? ["python", "python3", "py"] : ["csharp", "cs", "c#"];
        Match[] blocks = [.. Fence().Matches(text).Cast<Match>()];
        var chosen = blocks.LastOrDefault(block => names.Contains(block.Groups["language"].Value.Trim(), StringComparer.OrdinalIgnoreCase)) ?? blocks.LastOrDefault();
        return chosen?.Groups["code"].Value ?? text;
    }

    [GeneratedRegex(@"^[ \t]*```(?<language>[^\n`]*)\n(?<code>.*?)(^[ \t]*```|\z)", RegexOptions.Singleline | RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Fence();
}
