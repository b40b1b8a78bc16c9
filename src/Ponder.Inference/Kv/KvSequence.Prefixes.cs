using Ponder.Numerics.Kernels;

namespace Ponder.Inference.Kv;

/// <summary>What a sequence takes from the prefix tree and gives to it.</summary>
internal sealed partial class KvSequence
{
    private int _published;                                     // full pages that the prefix tree has, from the first on: the sequence holds the tree's
    private int _node = PrefixTree.None;                        // of the last of them, kept by a reference

    /// <summary>
    /// Takes the longest beginning of a text that the prefix tree has the pages of. Where layers have a window, only as much counts as they can be
    /// continued from.
    /// </summary>
    /// <param name="tokens">The text; a caller that wants outputs of its last token leaves that out.</param>
    /// <param name="longRope">Rotated by LongRoPE's long factors.</param>
    /// <returns><see cref="Length"/>: a multiple of 16, at most the text's length.</returns>
    /// <exception cref="InvalidOperationException">The sequence is not empty.</exception>
    public int Adopt(ReadOnlySpan<int> tokens, bool longRope)
    {
        if (Length > 0)
            throw new InvalidOperationException("Only an empty sequence can take a prefix.");
        if (_pool.Tree is not { } tree)
            return 0;
        Own();
        var (node, pages) = LongestMatch(tree, tokens, longRope);
        PinNode(pages > 0 ? node : PrefixTree.None);
        _published = pages;
        Length = pages * Attention.PageTokens;
        Table.Reserve(pages);
        for (int i = 0; i < pages; i++)
            Table.Append();
        for (int i = pages - 1; i >= 0; i--, node = tree.ParentOf(node))
        {
            for (int group = 0; group < _pool.Groups.Length; group++)
            {
                if (i < _pool.Groups[group].Group.FirstNeededPage(Length))
                    continue;
                int page = tree.PageOf(node, group);
                _pool.Hold(group, page, _meter);
                Table.Set(group, i, page);
            }
        }
        for (int group = 0; group < _pool.Groups.Length; group++)
            Table.DropBefore(group, _pool.Groups[group].Group.FirstNeededPage(Length));
        _pool.CountLookup(Length);
        return Length;
    }

    /// <summary>
    /// Gives the full pages to the prefix tree; of pages that it has already the sequence takes the tree's and lets its own go. Costs next to nothing
    /// when nothing is new. Where layers have a window, only pages are published that they still hold: publish after every chunk of a prompt
    /// to have them all.
    /// </summary>
    /// <param name="tokens">At least the first <see cref="Length"/> tokens, all computed, the same at every call.</param>
    /// <param name="longRope">Rotated by LongRoPE's long factors, the same at every call.</param>
    public void Publish(ReadOnlySpan<int> tokens, bool longRope)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(tokens.Length, Length, nameof(tokens));
        int full = Length / Attention.PageTokens;
        if (_pool.Tree is not { } tree || full == _published)
            return;
        int node = _published > 0 ? _node : PrefixTree.Root(longRope);
        tree.Pin(node);                                         // each step passes this reference on to the child
        for (; _published < full; _published++)
        {
            var part = tokens.Slice(_published * Attention.PageTokens, Attention.PageTokens);
            int child = tree.Find(node, part);
            if (child == PrefixTree.None)
                child = tree.Add(node, part);
            else
                tree.Pin(child);
            tree.Unpin(node);
            node = child;
            for (int group = 0; group < _pool.Groups.Length; group++)
                Publish(tree, node, group, _published);
        }
        PinNode(node);
        tree.Unpin(node);
    }

    private void Publish(PrefixTree tree, int node, int group, int index)
    {
        int mine = Table[group, index], theirs = tree.PageOf(node, group);
        if (mine == theirs || mine == PrefixTree.None)
            return;
        if (theirs == PrefixTree.None)
        {
            if (_pool.Groups[group].NodeOf(mine) == PrefixTree.None)
                tree.SetPage(node, group, mine);
            return;
        }
        Own();                                                  // a forward pass may be reading the table that is shared
        _pool.Hold(group, theirs, _meter);
        Table.Replace(group, index, theirs);
    }

    /// <summary>The longest text of whole pages that can be continued from: its node and pages.</summary>
    private (int Node, int Pages) LongestMatch(PrefixTree tree, ReadOnlySpan<int> tokens, bool longRope)
    {
        var groups = _pool.Groups;
        Span<int> first = stackalloc int[groups.Length];        // the pages from here on are all there
        first.Clear();
        var best = (Node: PrefixTree.None, Pages: 0);
        int node = PrefixTree.Root(longRope);
        for (int i = 0; i < tokens.Length / Attention.PageTokens; i++)
        {
            node = tree.Find(node, tokens.Slice(i * Attention.PageTokens, Attention.PageTokens));
            if (node == PrefixTree.None)
                break;
            bool suffices = true;
            for (int group = 0; group < groups.Length; group++)
            {
                if (tree.PageOf(node, group) == PrefixTree.None)
                    first[group] = i + 1;
                suffices &= first[group] <= groups[group].Group.FirstNeededPage((i + 1) * Attention.PageTokens);
            }
            if (suffices)
                best = (node, i + 1);
        }
        return best;
    }

    /// <summary>Goes back to so many published pages, if there are more.</summary>
    private void Unpublish(int pages)
    {
        if (_published <= pages)
            return;
        int node = _node;
        for (; _published > pages; _published--)
            node = _pool.Tree!.ParentOf(node);
        PinNode(pages > 0 ? node : PrefixTree.None);
    }

    /// <summary>Keeps a node, the last published one, in the place of the one before.</summary>
    private void PinNode(int node)
    {
        if (node != PrefixTree.None)
            _pool.Tree!.Pin(node);
        if (_node != PrefixTree.None)
            _pool.Tree!.Unpin(_node);
        _node = node;
    }
}
