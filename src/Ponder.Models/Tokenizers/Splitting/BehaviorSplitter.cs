namespace Ponder.Models.Tokenizers.Splitting;

/// <summary>What becomes of the matches of a splitting pattern.</summary>
internal enum SplitBehavior
{
    /// <summary>A match is a piece.</summary>
    Isolated,

    /// <summary>A match is dropped.</summary>
    Removed,

    /// <summary>A match belongs to what is before it.</summary>
    MergedWithPrevious,

    /// <summary>A match belongs to what follows.</summary>
    MergedWithNext,

    /// <summary>Matches that touch are one piece.</summary>
    Contiguous,
}

/// <summary>Cuts a text at the matches of a pattern.</summary>
/// <param name="matcher">The pattern.</param>
/// <param name="behavior">What becomes of a match.</param>
/// <param name="invert">Treats matches as what is between matches, and the other way round.</param>
internal sealed class BehaviorSplitter(Matcher matcher, SplitBehavior behavior, bool invert = false) : Splitter
{
    /// <inheritdoc/>
    public override void Split(ReadOnlySpan<char> text, bool atStart, Stages rest)
    {
        var pending = new Part(0, 0, false);
        int from = 0;
        var matches = matcher.For(text);
        while (from < text.Length)
        {
            bool found = matches.TryNext(text, from, out int start, out int end);
            if (!found)
                start = end = text.Length;
            if (start > from)
                Add(text, atStart, rest, ref pending, new Part(from, start, invert));
            if (end > start)
                Add(text, atStart, rest, ref pending, new Part(start, end, !invert));
            from = end;
        }
        Give(text, atStart, rest, pending);
    }

    private void Add(ReadOnlySpan<char> text, bool atStart, Stages rest, ref Part pending, Part part)
    {
        bool joins = pending.End > pending.Start && behavior switch
        {
            SplitBehavior.MergedWithPrevious => part.IsMatch && !pending.IsMatch,
            SplitBehavior.MergedWithNext => pending.IsMatch && !part.IsMatch,
            SplitBehavior.Contiguous => part.IsMatch == pending.IsMatch,
            _ => false,
        };
        if (joins)
        {
            pending = new Part(pending.Start, part.End, part.IsMatch);
            return;
        }
        Give(text, atStart, rest, pending);
        pending = part;
    }

    private void Give(ReadOnlySpan<char> text, bool atStart, Stages rest, Part part)
    {
        if (behavior != SplitBehavior.Removed || !part.IsMatch)
            rest.Take(text[part.Start..part.End], atStart && part.Start == 0);
    }

    private readonly record struct Part(int Start, int End, bool IsMatch);
}
