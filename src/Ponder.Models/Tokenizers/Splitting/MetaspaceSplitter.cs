namespace Ponder.Models.Tokenizers.Splitting;

/// <summary>When <see cref="MetaspaceSplitter"/> puts its mark before a text.</summary>
internal enum PrependScheme
{
    /// <summary>Before every segment between added tokens.</summary>
    Always,

    /// <summary>Before the whole text only.</summary>
    First,

    /// <summary>Never.</summary>
    Never,
}

/// <summary>SentencePiece's way with spaces: each becomes a visible mark (▁), which begins a piece.</summary>
/// <param name="replacement">The mark.</param>
/// <param name="scheme">When a mark is put before the text, unless one is there.</param>
/// <param name="splits">Cuts before every mark.</param>
internal sealed class MetaspaceSplitter(char replacement, PrependScheme scheme, bool splits) : Splitter
{
    /// <inheritdoc/>
    public override void Split(ReadOnlySpan<char> text, bool atStart, Stages rest)
    {
        string marked = text.ToString().Replace(' ', replacement);
        if (marked[0] != replacement && (scheme == PrependScheme.Always || (scheme == PrependScheme.First && atStart)))
            marked = replacement + marked;
        int start = 0;
        for (int i = 1; splits && i < marked.Length; i++)
        {
            if (marked[i] != replacement)
                continue;
            rest.Take(marked.AsSpan(start, i - start), atStart && start == 0);
            start = i;
        }
        rest.Take(marked.AsSpan(start), atStart && start == 0);
    }
}

/// <summary>Puts a space before a piece that does not begin with one (GPT-2's <c>add_prefix_space</c>).</summary>
internal sealed class PrefixSpaceSplitter : Splitter
{
    /// <inheritdoc/>
    public override void Split(ReadOnlySpan<char> text, bool atStart, Stages rest) =>
        rest.Take(text[0] == ' ' ? text : string.Concat(" ", text), atStart);
}
