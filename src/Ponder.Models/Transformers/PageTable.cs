using Ponder.Numerics.Memory;

namespace Ponder.Models.Transformers;

/// <summary>The addresses of a sequence's KV pages, in native memory so that kernels read them in place.</summary>
public sealed unsafe class PageTable : IDisposable
{
    private NativeBuffer<nint> _addresses;

    /// <summary>An empty table.</summary>
    public PageTable() => _addresses = new NativeBuffer<nint>(16);

    /// <summary>A copy of a table, with room for some pages more.</summary>
    public PageTable(PageTable other)
    {
        ArgumentNullException.ThrowIfNull(other);
        _addresses = new NativeBuffer<nint>(other.Count + 16);
        Count = other.Count;
        new Span<nint>(other._addresses.Pointer, Count).CopyTo(_addresses.Span);
    }

    /// <summary>Pages.</summary>
    public int Count { get; private set; }

    /// <summary>The address of the first entry; changes when the table grows.</summary>
    internal nint Address => (nint)_addresses.Pointer;

    /// <summary>The address of a page.</summary>
    public nint this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count, nameof(index));
            return _addresses.Pointer[index];
        }
        set
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count, nameof(index));
            _addresses.Pointer[index] = value;
        }
    }

    /// <summary>Appends a page.</summary>
    public void Add(nint page)
    {
        if (Count == _addresses.Length)
        {
            var larger = new NativeBuffer<nint>(_addresses.Length * 2);
            new Span<nint>(_addresses.Pointer, Count).CopyTo(larger.Span);
            _addresses.Dispose();
            _addresses = larger;
        }
        _addresses.Pointer[Count++] = page;
    }

    /// <summary>Drops the last page.</summary>
    public void RemoveLast()
    {
        ArgumentOutOfRangeException.ThrowIfZero(Count);
        Count--;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Count = 0;
        _addresses.Dispose();
    }
}
