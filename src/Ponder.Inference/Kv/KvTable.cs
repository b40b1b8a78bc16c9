using Ponder.Models.Transformers;

namespace Ponder.Inference.Kv;

/// <summary>
/// Which pages hold a sequence's positions. Forks share the table; whoever changes it while others share it takes a copy first, so that a forward
/// pass may go on reading the table that it was given.
/// </summary>
internal sealed class KvTable(KvPool pool) : IDisposable
{
    private readonly int _groups = pool.Groups.Length;
    private readonly int[] _first = new int[pool.Groups.Length];
    private int[] _ids = new int[16 * pool.Groups.Length];      // [pages, groups]

    /// <summary>Sequences that share the table.</summary>
    public int References { get; set; } = 1;

    /// <summary>The addresses of the pages.</summary>
    public PageTable Addresses { get; } = new(pool.Groups.Length);

    /// <summary>Pages of each group, those included that a group let go of.</summary>
    public int Count => Addresses.Count;

    /// <summary>Pages that there is room for.</summary>
    public int Capacity => _ids.Length / _groups;

    /// <summary>A page of a group, or <see cref="PrefixTree.None"/>.</summary>
    public int this[int group, int index] => _ids[index * _groups + group];

    /// <summary>The first page that a group still has; <see cref="Count"/> for none.</summary>
    public int First(int group) => _first[group];

    /// <summary>True when nobody else can read the last page of a group.</summary>
    public bool OwnsLast(int group) => References == 1 && !pool.Groups[group].IsShared(this[group, Count - 1]);

    /// <summary>Makes room for so many pages.</summary>
    public void Reserve(int pages)
    {
        if (pages * _groups > _ids.Length)
            Array.Resize(ref _ids, pages * _groups);
        Addresses.Reserve(pages);
    }

    /// <summary>Appends an index at which no group has a page yet.</summary>
    public void Append()
    {
        if ((Count + 1) * _groups > _ids.Length)
            Array.Resize(ref _ids, 2 * _ids.Length);
        _ids.AsSpan(Count * _groups, _groups).Fill(PrefixTree.None);
        Addresses.Add(0);
    }

    /// <summary>Puts a page, which the table holds already, where none is.</summary>
    public void Set(int group, int index, int page)
    {
        _ids[index * _groups + group] = page;
        Addresses[group, index] = pool.Groups[group].AddressOf(page);
    }

    /// <summary>Puts a page, which the table holds already, in the place of another, which it lets go.</summary>
    public void Replace(int group, int index, int page)
    {
        int old = this[group, index];
        Set(group, index, page);
        pool.LetGo(group, old);
    }

    /// <summary>Lets go of a group's pages before an index.</summary>
    public void DropBefore(int group, int index)
    {
        int end = Math.Min(index, Count);
        for (int i = _first[group]; i < end; i++)
        {
            if (this[group, i] == PrefixTree.None)
                continue;
            pool.LetGo(group, this[group, i]);
            _ids[i * _groups + group] = PrefixTree.None;
            Addresses[group, i] = 0;
        }
        _first[group] = Math.Max(_first[group], end);
    }

    /// <summary>Lets go of all pages from an index on, the last first.</summary>
    public void Truncate(int count)
    {
        for (int i = Count - 1; i >= count; i--)
        {
            for (int group = 0; group < _groups; group++)
            {
                if (this[group, i] != PrefixTree.None)
                    pool.LetGo(group, this[group, i]);
            }
            Addresses.RemoveLast();
        }
        for (int group = 0; group < _groups; group++)
            _first[group] = Math.Min(_first[group], Count);
    }

    /// <summary>Becomes a copy of another table and holds its pages too.</summary>
    public void CopyFrom(KvTable other)
    {
        if (_ids.Length < other._ids.Length)
            _ids = new int[other._ids.Length];
        other._ids.AsSpan(0, other.Count * _groups).CopyTo(_ids);
        other._first.CopyTo(_first, 0);
        Addresses.CopyFrom(other.Addresses);
        for (int i = 0; i < Count; i++)
        {
            for (int group = 0; group < _groups; group++)
            {
                if (this[group, i] != PrefixTree.None)
                    pool.Groups[group].Hold(this[group, i], null);
            }
        }
    }

    public void Dispose() => Addresses.Dispose();
}
