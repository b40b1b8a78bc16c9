using System.Text.RegularExpressions;
using Ponder.Numerics;

namespace Ponder.Inference.Generation;

/// <summary>Where a rule ends a text.</summary>
/// <param name="End">Characters that are left.</param>
/// <param name="Reason">The kind of rule.</param>
internal readonly record struct StopMatch(int End, FinishReason Reason);

/// <summary>
/// Finds the first rule about text that is complete in a growing text, a character at a time. A character costs a comparison or two for
/// every text, and for every pattern a search of its window.
/// </summary>
internal sealed class StopMatcher
{
    private readonly List<(StopMatcherText Progress, int Length, FinishReason Reason)> _texts = [];
    private readonly List<StopRule.Pattern> _patterns = [];

    /// <summary>Takes the rules about text; the others are left aside.</summary>
    public StopMatcher(IReadOnlyList<StopRule> rules)
    {
        foreach (var rule in rules)
        {
            if (rule is StopRule.Text { Value: var text })
                _texts.Add((new StopMatcherText(text), text.Length, FinishReason.StopText));
            else if (rule is StopRule.Delimiter { Value: var delimiter })
                _texts.Add((new StopMatcherText(delimiter), 0, FinishReason.Delimiter));
            else if (rule is StopRule.Pattern pattern)
                _patterns.Add(pattern);
        }
        LongestWindow = _patterns.Count == 0 ? 0 : _patterns.Max(pattern => pattern.Window);
    }

    /// <summary>The longest window of a pattern; 0 without patterns, and then <see cref="Add"/> only looks at the newest character.</summary>
    public int LongestWindow { get; }

    /// <summary>Characters at the end of the text that may be cut off yet; may be more than the text has.</summary>
    public int Held { get; private set; }

    /// <summary>Reads the text's newest character, after all before it, until there is a match.</summary>
    /// <param name="text">The text, as far back as a pattern can see: all of it if there are patterns.</param>
    /// <exception cref="PonderException">A pattern ran into its match timeout.</exception>
    public StopMatch? Add(ReadOnlySpan<char> text)
    {
        StopMatch? first = null;
        Held = Math.Max(0, LongestWindow - 1);
        foreach (var (progress, length, reason) in _texts)
        {
            if (progress.Add(text[^1]))
                first = Earlier(first, new StopMatch(text.Length - length, reason));
            else if (reason == FinishReason.StopText)
                Held = Math.Max(Held, progress.Matched);
        }
        foreach (var pattern in _patterns)
        {
            if (MatchStart(pattern, text) is int start)
                first = Earlier(first, new StopMatch(start, FinishReason.StopPattern));
        }
        return first;
    }

    private static StopMatch Earlier(StopMatch? first, StopMatch other) => first is { } known && known.End <= other.End ? known : other;

    /// <summary>Where the pattern's first match within its window begins, or null.</summary>
    private static int? MatchStart(StopRule.Pattern pattern, ReadOnlySpan<char> text)
    {
        if (char.IsHighSurrogate(text[^1]))
            return null;                                        // half a character: the other half comes next
        int window = Math.Max(0, text.Length - pattern.Window);
        if (window > 0 && char.IsSurrogatePair(text[window - 1], text[window]))
            window++;
        try
        {
            if (!pattern.Value.IsMatch(text, window))           // stops at the first match it sees: cheaper than asking where it begins
                return null;
            var matches = pattern.Value.EnumerateMatches(text, window);
            if (!matches.MoveNext())
                return null;
            int start = matches.Current.Index;
            return start > 0 && start < text.Length && char.IsSurrogatePair(text[start - 1], text[start]) ? start - 1 : start;
        }
        catch (RegexMatchTimeoutException)
        {
            throw new PonderException(
                $"The stop pattern '{pattern.Value}' ran longer than its match timeout of {pattern.Value.MatchTimeout}; simplify it or make it NonBacktracking.");
        }
    }
}
