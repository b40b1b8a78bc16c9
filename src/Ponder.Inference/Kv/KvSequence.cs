using Ponder.Models.Transformers;
using Ponder.Numerics.Kernels;

namespace Ponder.Inference.Kv;

/// <summary>
/// The keys and values of one branch. Forks share the table of pages until one of them writes, and pages until one of them writes there. Not
/// thread-safe; while a forward pass runs over the sequence, only <see cref="Fork"/> and calls on the forks are allowed.
/// </summary>
internal sealed partial class KvSequence : IDisposable
{
    private readonly KvPool _pool;
    private readonly KvMeter? _meter;
    private KvTable? _table;

    /// <summary>An empty sequence.</summary>
    /// <param name="pool">Where its pages come from.</param>
    /// <param name="meter">Counts the pages that it and its forks hold.</param>
    public KvSequence(KvPool pool, KvMeter? meter = null)
    {
        _pool = pool;
        _meter = meter;
        _table = pool.TakeTable();
    }

    private KvSequence(KvSequence origin)
    {
        _pool = origin._pool;
        _meter = origin._meter;
        _table = origin.Table;
        _table.References++;
        Length = origin.Length;
        _published = origin._published;
        PinNode(origin._node);
    }

    /// <summary>Positions that hold keys and values, or will after the next forward pass.</summary>
    public int Length { get; private set; }

    /// <summary>Positions that the prefix tree has.</summary>
    public int Published => _published * Attention.PageTokens;

    /// <summary>The pages' addresses, for the forward pass. Another table may take its place when the sequence is extended.</summary>
    public PageTable Pages => Table.Addresses;

    private KvTable Table => _table ?? throw new ObjectDisposedException(nameof(KvSequence));

    /// <summary>Makes room in the table for so many positions in all, so that it grows to them without allocating.</summary>
    public void Reserve(int tokens)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(tokens);
        if (KvLayout.PagesFor(tokens) <= Table.Count)
            return;
        Own();
        Table.Reserve(KvLayout.PagesFor(tokens));
    }

    /// <summary>Makes room for more positions, which the next forward pass fills.</summary>
    /// <param name="tokens">0 or more.</param>
    /// <exception cref="KvMemoryException">The memory limit is reached; the sequence is as it was.</exception>
    public void Extend(int tokens)
    {
        if (!TryExtend(tokens))
            throw _pool.Exhausted();
    }

    /// <summary>
    /// Makes room for more positions, which the next forward pass fills. Pages of layers with a window are let go once no position from
    /// <see cref="Length"/> on, as it was before, sees them.
    /// </summary>
    /// <param name="tokens">0 or more.</param>
    /// <returns>False if memory is short, even without all that is only cached; the sequence is as it was.</returns>
    public bool TryExtend(int tokens)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(tokens);
        if (tokens == 0)
            return true;
        if (tokens > int.MaxValue - Attention.PageTokens - Length)
            return false;
        int held = Table.Count, needed = KvLayout.PagesFor(Length + tokens);
        bool writesLast = Length % Attention.PageTokens != 0;
        if (needed > held || !OwnsLast())
        {
            Own();
            DropPassed();
            if (!TryGrow(needed) || (writesLast && !TryOwnPages(held - 1)))
            {
                Table.Truncate(held);
                return false;
            }
        }
        Length += tokens;
        return true;
    }

    /// <summary>Another branch with the same beginning. It takes no KV memory until one of the two writes.</summary>
    public KvSequence Fork() => new(this);

    /// <summary>
    /// Rolls back to the first <paramref name="length"/> positions. Where layers have a window, pages that these positions' successors would see again
    /// may be gone; then nothing is left, and <see cref="Length"/> is 0 afterwards. Going back no further than before the last
    /// <see cref="Extend"/> always succeeds.
    /// </summary>
    /// <param name="length">0 to <see cref="Length"/>.</param>
    public void Truncate(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, Length);
        for (int group = 0; group < _pool.Groups.Length; group++)
        {
            if (_pool.Groups[group].Group.FirstNeededPage(length) < Table.First(group))
                length = 0;                                     // what is nearer to the beginning needs even earlier pages
        }
        Unpublish(length / Attention.PageTokens);
        int kept = KvLayout.PagesFor(length);
        if (kept < Table.Count)
        {
            Own();
            Table.Truncate(kept);
        }
        Length = length;
    }

    public void Dispose()
    {
        if (_table is null)
            return;
        _pool.LetGo(_table);
        PinNode(PrefixTree.None);
        _table = null;
        Length = 0;
    }

    private bool OwnsLast()
    {
        for (int group = 0; group < _pool.Groups.Length; group++)
        {
            if (!Table.OwnsLast(group))
                return false;
        }
        return true;
    }

    /// <summary>A table of its own, to be changed.</summary>
    private void Own()
    {
        var shared = Table;
        if (shared.References == 1)
            return;
        var own = _pool.TakeTable();
        own.CopyFrom(shared);
        _pool.LetGo(shared);
        _table = own;
    }

    private void DropPassed()
    {
        for (int group = 0; group < _pool.Groups.Length; group++)
            Table.DropBefore(group, _pool.Groups[group].Group.FirstNeededPage(Length));
    }

    private bool TryGrow(int pages)
    {
        while (Table.Count < pages)
        {
            Table.Append();
            for (int group = 0; group < _pool.Groups.Length; group++)
            {
                if (!_pool.TryRent(group, _meter, out int page))
                    return false;
                Table.Set(group, Table.Count - 1, page);
            }
        }
        return true;
    }

    /// <summary>Copies the pages at an index that others can read; if memory is short, none.</summary>
    private bool TryOwnPages(int index)
    {
        var groups = _pool.Groups;
        Span<int> copies = stackalloc int[groups.Length];
        copies.Fill(PrefixTree.None);
        for (int group = 0; group < groups.Length; group++)
        {
            int page = Table[group, index];
            if (!groups[group].IsShared(page) || _pool.TryRent(group, _meter, out copies[group]))
                continue;
            copies[group] = PrefixTree.None;
            if (groups[group].HoldersOf(page) == 1)
                continue;                                       // only the prefix tree has it too, and can do without
            for (; group >= 0; group--)
            {
                if (copies[group] != PrefixTree.None)
                    _pool.LetGo(group, copies[group]);
            }
            return false;
        }
        for (int group = 0; group < groups.Length; group++)
        {
            int page = Table[group, index];
            if (copies[group] != PrefixTree.None)
            {
                groups[group].Copy(page, copies[group]);
                Table.Replace(group, index, copies[group]);
            }
            else if (groups[group].IsShared(page))
            {
                _pool.Tree!.Forget(group, page);
            }
        }
        return true;
    }
}
