using System.Text.RegularExpressions;

namespace Ponder.Reasoning.Answers;

/// <summary>Answers that a pattern finds: the first group of its last match, or that whole match when it has no groups. Compared as normalised text.</summary>
public sealed class RegexAnswers : IAnswerReader
{
    // A pattern that matches this often says nothing about an answer.
    private const int MaxMatches = 100_000;

    private readonly Regex _pattern;

    /// <summary>Creates the reader.</summary>
    /// <param name="pattern">Has a match timeout, or <see cref="RegexOptions.NonBacktracking"/>: a policy's text must not hold it up.</param>
    /// <exception cref="ArgumentException">It has neither.</exception>
    public RegexAnswers(Regex pattern)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        if (pattern.MatchTimeout == Regex.InfiniteMatchTimeout && !pattern.Options.HasFlag(RegexOptions.NonBacktracking))
            throw new ArgumentException($"The pattern \"{pattern}\" needs a match timeout or RegexOptions.NonBacktracking.", nameof(pattern));
        _pattern = pattern;
    }

    /// <inheritdoc/>
    /// <remarks>A text on which the pattern runs out of time holds no answer.</remarks>
    public string? Read(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        try
        {
            Match? last = null;
            var match = _pattern.Match(text);
            for (int i = 0; i < MaxMatches && match.Success; i++, match = match.NextMatch())
                last = match;
            if (last is null)
                return null;
            var answer = last.Groups.Count > 1 ? last.Groups[1] : last;
            return answer.Success && answer.Value.Trim() is { Length: > 0 } value ? value : null;
        }
        catch (RegexMatchTimeoutException)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public bool AreSame(string first, string second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        return NormalText.AreSame(first, second);
    }
}
