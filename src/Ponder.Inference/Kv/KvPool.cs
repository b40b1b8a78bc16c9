#pragma warning disable IDE0060, CA1822 // until sampling chains and the prefix tree are in
using Ponder.Models.Transformers;
using Ponder.Numerics;
using Ponder.Numerics.Memory;

namespace Ponder.Inference.Kv;

/// <summary>The KV memory of a model did not suffice.</summary>
public sealed class KvMemoryException(string message) : PonderException(message);

/// <summary>
/// The KV pages of one model: allocated when first needed, counted by reference, reused. Not thread-safe: the engine's loop owns it.
/// </summary>
internal sealed unsafe class KvPool(KvLayout layout, long memoryLimit, bool cachePrefixes = true) : IDisposable
{
    public int Cached => 0;
    public long Hits => 0;
    public long Lookups => 0;
    public long Evictions => 0;
    public bool CachesPrefixes => cachePrefixes;
    public bool IsDisposed { get; private set; }
    public long MemoryLimit => memoryLimit;
    public KvSequence Create(KvMeter? meter = null) => new(this);
    public bool CanHold(int tokens) => KvLayout.PagesFor(tokens) * layout.BytesPerPage <= memoryLimit;
    public int AvailableTokens => (int)Math.Min(int.MaxValue, (memoryLimit / layout.BytesPerPage - InUse) * 16);

    // Many pages in one piece of memory, so that the system can back it with huge pages: reading 8192 positions out of 4 KB pages took a fifth longer.
    private const long SlabBytes = 8 << 20;

    private readonly long _stride = (layout.BytesPerPage + 63) / 64 * 64;
    private readonly List<PageBuffer> _slabs = [];
    private readonly List<int> _references = [];
    private readonly Stack<int> _free = [];

    private int SlabPages => (int)Math.Max(1, Math.Min(SlabBytes, memoryLimit) / _stride);

    /// <summary>Pages that some sequence holds.</summary>
    public int InUse => _references.Count - _free.Count;

    /// <summary>The most pages that were in use at once.</summary>
    public int Peak { get; private set; }

    /// <summary>A page with one reference; what it holds is undefined.</summary>
    /// <exception cref="KvMemoryException">The memory limit is reached.</exception>
    public int Rent()
    {
        if (!_free.TryPop(out int page))
        {
            if ((_references.Count + 1) * layout.BytesPerPage > memoryLimit)
            {
                throw new KvMemoryException(
                    $"The KV memory limit of {memoryLimit / (1024 * 1024)} MiB is reached with {InUse} pages of {layout.BytesPerPage / 1024} KiB; "
                    + "raise it or ask for fewer or shorter branches.");
            }
            page = _references.Count;
            if (page == _slabs.Count * SlabPages)
                _slabs.Add(new PageBuffer(SlabPages * _stride));
            _references.Add(0);
        }
        _references[page] = 1;
        Peak = Math.Max(Peak, InUse);
        return page;
    }

    /// <summary>The address of a page.</summary>
    public nint AddressOf(int page) => (nint)(_slabs[page / SlabPages].Pointer + page % SlabPages * _stride);

    /// <summary>True when more than one sequence holds the page: it must be copied before it is written.</summary>
    public bool IsShared(int page) => _references[page] > 1;

    /// <summary>One more sequence holds the page.</summary>
    public void Share(int page) => _references[page]++;

    /// <summary>One sequence less holds the page; without any it is free.</summary>
    public void Release(int page)
    {
        if (--_references[page] == 0)
            _free.Push(page);
    }

    /// <summary>A copy of a page, with one reference.</summary>
    public int Copy(int page)
    {
        int copy = Rent();
        Buffer.MemoryCopy((void*)AddressOf(page), (void*)AddressOf(copy), layout.BytesPerPage, layout.BytesPerPage);
        return copy;
    }

    public void Dispose()
    {
        IsDisposed = true;
        foreach (var slab in _slabs)
            slab.Dispose();
    }
}
