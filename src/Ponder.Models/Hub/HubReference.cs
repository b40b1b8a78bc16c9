using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace Ponder.Models.Hub;

/// <summary>What a user writes to name a model: <c>org/name</c> or <c>org/name:FILE</c>.</summary>
/// <param name="Repo">The repository: <c>org/name</c>, or a bare <c>name</c>.</param>
/// <param name="Selector">A file of it, a part of a GGUF file's name such as <c>Q4_K_M</c>, or null.</param>
public sealed partial record HubReference(string Repo, string? Selector)
{
    private const int LongestRepo = 96;

    /// <summary>Reads a reference.</summary>
    /// <exception cref="HubException">It is not one.</exception>
    public static HubReference Parse(string text) =>
        TryParse(text, out var reference)
            ? reference
            : throw new HubException(
                $"'{SafeText.Of(text)}' does not name a model: write ORG/NAME or ORG/NAME:FILE with letters, digits, '-', '_' and '.'.");

    /// <summary>Reads a reference; false where the text is not one (a path, for instance).</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out HubReference? reference)
    {
        reference = null;
        if (string.IsNullOrEmpty(text))
            return false;

        int colon = text.IndexOf(':', StringComparison.Ordinal);
        string repo = colon < 0 ? text : text[..colon];
        string? selector = colon < 0 ? null : text[(colon + 1)..];
        if (!IsRepo(repo) || selector is not null && !SafePath.IsSafe(selector))
            return false;

        reference = new HubReference(repo, selector);
        return true;
    }

    /// <summary>The text it was read from.</summary>
    public override string ToString() => Selector is null ? Repo : $"{Repo}:{Selector}";

    // "--" joins organisation and name in the cache, so that no part may hold it.
    internal static bool IsRepo(string repo) =>
        repo.Length <= LongestRepo
        && RepoPattern().IsMatch(repo)
        && !repo.Contains("--", StringComparison.Ordinal)
        && !repo.Contains("..", StringComparison.Ordinal);

    [GeneratedRegex(@"^(?:[A-Za-z0-9_](?:[\w.-]*[A-Za-z0-9_])?/)?[A-Za-z0-9_](?:[\w.-]*[A-Za-z0-9_])?\z", RegexOptions.ECMAScript)]
    private static partial Regex RepoPattern();
}
