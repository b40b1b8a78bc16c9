using Ponder.Models.Transformers;
using Ponder.Numerics.Kernels;

namespace Ponder.Inference.Kv;

/// <summary>
/// The KV memory of one model: pages for every group of layers, allocated when first needed, counted by reference, and kept after their sequences in a
/// prefix tree as long as nobody else needs them. Not thread-safe: the engine's lock guards it.
/// </summary>
internal sealed class KvPool : IDisposable
{
    private const int SpareTables = 256, SparePages = 2048;     // what is worth keeping: at most some megabytes

    private readonly Stack<KvTable> _tables = [];               // empty ones to use again

    /// <summary>A pool without pages.</summary>
    /// <param name="layout">Of the pages.</param>
    /// <param name="memoryLimit">Bytes of the pages of all groups together, cached and free ones included.</param>
    /// <param name="cachePrefixes">Keeps what sequences publish.</param>
    public KvPool(KvLayout layout, long memoryLimit, bool cachePrefixes = true)
    {
        Layout = layout;
        MemoryLimit = memoryLimit;
        Groups = [.. layout.Groups.Select((group, index) => new KvPages(group, index, memoryLimit))];
        Tree = cachePrefixes ? new PrefixTree(Groups) : null;
    }

    /// <summary>How the pages lie.</summary>
    public KvLayout Layout { get; }

    /// <summary>The pages of each group of layers.</summary>
    public KvPages[] Groups { get; }

    /// <summary>What sequences published; null if nothing is kept.</summary>
    public PrefixTree? Tree { get; }

    /// <summary>Most bytes of pages.</summary>
    public long MemoryLimit { get; }

    /// <summary>Pages that live sequences hold; a shared page counts once.</summary>
    public int InUse { get; private set; }

    /// <summary>The most pages that were in use at once.</summary>
    public int Peak { get; private set; }

    /// <summary>Pages that only the prefix tree holds.</summary>
    public int Cached => Tree?.Idle ?? 0;

    /// <summary>Positions in use: pages of the group of layers that holds the most, times the positions of a page.</summary>
    public int UniqueTokens
    {
        get
        {
            int most = 0;
            foreach (var group in Groups)
                most = Math.Max(most, group.InUse);
            return most * Attention.PageTokens;
        }
    }

    /// <summary>Bytes of the pages in use.</summary>
    public long BytesInUse
    {
        get
        {
            long bytes = 0;
            foreach (var group in Groups)
                bytes += group.InUse * group.Group.BytesPerPage;
            return bytes;
        }
    }

    /// <summary>Positions that one sequence could still take, if everything that is only cached made room: at least so many.</summary>
    public int AvailableTokens
    {
        get
        {
            long bytes = 0;
            foreach (var group in Groups)
                bytes += group.Group.BytesPerPage;
            return (int)Math.Min(int.MaxValue, (MemoryLimit - BytesInUse) / bytes * Attention.PageTokens);
        }
    }

    /// <summary>Bytes of all pages that have memory: in use, cached or free. Never above <see cref="MemoryLimit"/>.</summary>
    public long AllocatedBytes
    {
        get
        {
            long bytes = 0;
            foreach (var group in Groups)
                bytes += group.AllocatedBytes;
            return bytes;
        }
    }

    /// <summary>Calls of <see cref="KvSequence.Adopt"/>.</summary>
    public long Lookups { get; private set; }

    /// <summary>Those that found something.</summary>
    public long Hits { get; private set; }

    /// <summary>Positions that they found.</summary>
    public long HitTokens { get; private set; }

    /// <summary>Cached pages that made room for others, or that <see cref="Clear"/> dropped.</summary>
    public long Evictions => Tree?.Evictions ?? 0;

    /// <summary>An empty sequence.</summary>
    /// <param name="meter">Counts the pages that it and its forks hold.</param>
    public KvSequence Create(KvMeter? meter = null) => new(this, meter);

    /// <summary>True if one sequence of so many positions fits when nothing else is held.</summary>
    /// <param name="tokens">Positions, 0 or more.</param>
    /// <param name="chunk">
    /// The most that it grows by at once. Layers with a window then hold no more than window and chunk; by default the sequence grows to its full length
    /// in one go.
    /// </param>
    public bool CanHold(int tokens, int chunk = int.MaxValue)
    {
        double bytes = 0;                                       // sums of damaged sizes must not overflow
        foreach (var group in Groups)
        {
            long pages = ((long)tokens + Attention.PageTokens - 1) / Attention.PageTokens;
            if (group.Group.Window > 0)
                pages = Math.Min(pages, ((long)group.Group.Window + chunk) / Attention.PageTokens + 3);
            bytes += (double)pages * group.Group.BytesPerPage;
        }
        return bytes <= MemoryLimit;
    }

    /// <summary>Drops every cached page that no live sequence holds.</summary>
    public void Clear()
    {
        while (Tree?.Evict() == true)
        {
        }
    }

    public void Dispose()
    {
        foreach (var table in _tables)
            table.Dispose();
        foreach (var group in Groups)
            group.Dispose();
    }

    /// <summary>A page that the caller holds alone; what is in it is undefined. A free one, or a new one below the limit, or one that was cached.</summary>
    /// <returns>False if memory is short.</returns>
    internal bool TryRent(int group, KvMeter? meter, out int page)
    {
        var pages = Groups[group];
        while (!pages.TryTake(out page))
        {
            if (AllocatedBytes + pages.Group.BytesPerPage <= MemoryLimit && pages.TryAdd(out page))
                break;
            if (!GiveBackOther(group) && Tree?.Evict() != true)
                return false;
        }
        Hold(group, page, meter);
        return true;
    }

    /// <summary>One more table holds a page.</summary>
    internal void Hold(int group, int page, KvMeter? meter)
    {
        if (!Groups[group].Hold(page, meter))
            return;
        InUse++;
        Peak = Math.Max(Peak, InUse);
        int node = Groups[group].NodeOf(page);
        if (node != PrefixTree.None)
            Tree!.TakeUp(node, group);
    }

    /// <summary>One table less holds a page; without any it is cached or free.</summary>
    internal void LetGo(int group, int page)
    {
        if (!Groups[group].LetGo(page))
            return;
        InUse--;
        int node = Groups[group].NodeOf(page);
        if (node != PrefixTree.None)
            Tree!.LetGo(node, group);
        else
            Groups[group].Free(page);
    }

    /// <summary>An empty table with one reference.</summary>
    internal KvTable TakeTable()
    {
        if (!_tables.TryPop(out var table))
            return new KvTable(this);
        table.References = 1;
        return table;
    }

    /// <summary>One sequence less shares the table; without any its pages are let go.</summary>
    internal void LetGo(KvTable table)
    {
        if (--table.References > 0)
            return;
        table.Truncate(0);
        if (_tables.Count < SpareTables && table.Capacity <= SparePages)
            _tables.Push(table);
        else
            table.Dispose();
    }

    /// <summary>Counts a call of <see cref="KvSequence.Adopt"/>.</summary>
    internal void CountLookup(int found)
    {
        Lookups++;
        Hits += found > 0 ? 1 : 0;
        HitTokens += found;
    }

    /// <summary>That the limit does not suffice, for an exception.</summary>
    /// <param name="what">For what, and what to do: the rest of the sentence.</param>
    internal KvMemoryException DoesNotHold(string what) =>
        new($"The KV memory limit of {MemoryLimit / (1024.0 * 1024):0.#} MiB does not hold {what}.");

    /// <summary>Why a page could not be rented.</summary>
    internal KvMemoryException Exhausted() => new(
        $"The KV memory limit of {MemoryLimit >> 20} MiB, or what the system has, is used up with {InUse} pages, {BytesInUse >> 20} MiB, in use; "
        + "raise the limit or ask for fewer or shorter branches.");

    private bool GiveBackOther(int group)
    {
        for (int other = 0; other < Groups.Length; other++)
        {
            if (other != group && Groups[other].GiveBack())
                return true;
        }
        return false;
    }
}
