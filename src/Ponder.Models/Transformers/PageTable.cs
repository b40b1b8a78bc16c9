using Ponder.Numerics.Memory;

namespace Ponder.Models.Transformers;

/// <summary>
/// The addresses of a sequence's KV pages, in native memory so that kernels read them in place: for each group of layers one address a page of
/// positions, 0 where a group has let go of a page that it never reads again.
/// </summary>
public sealed unsafe class PageTable : IDisposable
{
    private const int FirstCapacity = 16;

    private NativeBuffer<nint> _addresses;                      // [groups, capacity]
    private int _capacity = FirstCapacity;

    /// <summary>An empty table.</summary>
    /// <param name="groups">Groups of layers, see <see cref="KvLayout.Groups"/>.</param>
    public PageTable(int groups = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(groups);
        Groups = groups;
        _addresses = new NativeBuffer<nint>((long)groups * _capacity);
    }

    /// <summary>Groups of layers.</summary>
    public int Groups { get; }

    /// <summary>Pages of each group.</summary>
    public int Count { get; private set; }

    /// <summary>The address of a page of the first group.</summary>
    public nint this[int index]
    {
        get => this[0, index];
        set => this[0, index] = value;
    }

    /// <summary>The address of a page of a group.</summary>
    public nint this[int group, int index]
    {
        get
        {
            Check(group, index);
            return _addresses.Pointer[group * (nint)_capacity + index];
        }
        set
        {
            Check(group, index);
            _addresses.Pointer[group * (nint)_capacity + index] = value;
        }
    }

    /// <summary>Appends a page to every group: this one to the first, none as yet to the others.</summary>
    public void Add(nint page)
    {
        if (Count == _capacity)
            Reserve(2 * _capacity);
        Count++;
        this[0, Count - 1] = page;
        for (int group = 1; group < Groups; group++)
            this[group, Count - 1] = 0;
    }

    /// <summary>Makes room, so that a table of so many pages grows without allocating.</summary>
    public void Reserve(int pages)
    {
        if (pages <= _capacity)
            return;
        var larger = new NativeBuffer<nint>((long)Groups * pages);
        for (int group = 0; group < Groups; group++)
            Entries(group).CopyTo(new Span<nint>(larger.Pointer + group * (nint)pages, pages));
        _addresses.Dispose();
        (_addresses, _capacity) = (larger, pages);
    }

    /// <summary>Drops the last page of every group.</summary>
    public void RemoveLast()
    {
        ArgumentOutOfRangeException.ThrowIfZero(Count);
        Count--;
    }

    /// <summary>Becomes a copy of a table with as many groups, with at least its room.</summary>
    public void CopyFrom(PageTable other)
    {
        ArgumentNullException.ThrowIfNull(other);
        ArgumentOutOfRangeException.ThrowIfNotEqual(other.Groups, Groups, nameof(other));
        Count = 0;
        Reserve(other._capacity);
        Count = other.Count;
        for (int group = 0; group < Groups; group++)
            other.Entries(group).CopyTo(Entries(group));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Count = 0;
        _addresses.Dispose();
    }

    /// <summary>Where a group's addresses lie; changes when the table grows.</summary>
    internal nint Address(int group) => (nint)(_addresses.Pointer + group * (nint)_capacity);

    private Span<nint> Entries(int group) => new((nint*)Address(group), Count);

    private void Check(int group, int index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)group, (uint)Groups, nameof(group));
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count, nameof(index));
    }
}
