using Ponder.Models.Transformers;
using Ponder.Numerics;
using Ponder.Numerics.Memory;

namespace Ponder.Inference.Kv;

/// <summary>
/// The pages of one group of layers: memory in slabs, and for each page who holds it. A page is free, held by live tables, cached by the prefix
/// tree, or both of the latter.
/// </summary>
internal sealed unsafe class KvPages(KvGroup group, int index, long memoryLimit) : IDisposable
{
    // Many pages in one piece of memory, so that the system can back it with huge pages: reading 8192 positions out of 4 KB pages took a fifth longer.
    private const long SlabBytes = 8 << 20;

    private readonly long _stride = (group.BytesPerPage + 63) / 64 * 64;
    private readonly List<PageBuffer> _slabs = [];
    private readonly Stack<int> _free = [];
    private readonly Stack<int> _givenBack = [];                // free, and the system has their memory
    private Page[] _pages = [];
    private int _count;

    private struct Page
    {
        public int Holders;                                     // live tables
        public int Node;                                        // of the prefix tree; PrefixTree.None for none
        public KvMeter? Meter;                                  // that counts it
    }

    /// <summary>The layers.</summary>
    public KvGroup Group => group;

    /// <summary>Pages that live tables hold.</summary>
    public int InUse { get; private set; }

    /// <summary>Bytes of all pages that have memory, free ones included.</summary>
    public long AllocatedBytes => (long)(_count - _givenBack.Count) * group.BytesPerPage;

    private int SlabPages => (int)Math.Max(1, Math.Min(SlabBytes, memoryLimit) / _stride);

    /// <summary>A free page, if there is one that has memory.</summary>
    public bool TryTake(out int page) => _free.TryPop(out page);

    /// <summary>A page more; false if the system has no memory for it.</summary>
    public bool TryAdd(out int page)
    {
        if (_givenBack.TryPop(out page))
            return true;
        if (_count == _slabs.Count * SlabPages)
        {
            try
            {
                _slabs.Add(new PageBuffer(SlabPages * _stride));
            }
            catch (PonderException)
            {
                return false;
            }
        }
        if (_count == _pages.Length)
            Array.Resize(ref _pages, Math.Max(64, 2 * _count));
        page = _count++;
        _pages[page].Node = PrefixTree.None;
        return true;
    }

    /// <summary>Gives the memory of a free page back to the system, so that another group can have as much.</summary>
    /// <returns>False if no page is free.</returns>
    public bool GiveBack()
    {
        if (!_free.TryPop(out int page))
            return false;
        SystemMemory.GiveBack((byte*)AddressOf(page), (nuint)group.BytesPerPage);
        _givenBack.Push(page);
        return true;
    }

    /// <summary>The address of a page.</summary>
    public nint AddressOf(int page) => (nint)(_slabs[page / SlabPages].Pointer + page % SlabPages * _stride);

    /// <summary>True when others than its one holder can read the page: it must be copied before it is written.</summary>
    public bool IsShared(int page) => _pages[page].Holders > 1 || _pages[page].Node != PrefixTree.None;

    /// <summary>Live tables that hold the page.</summary>
    public int HoldersOf(int page) => _pages[page].Holders;

    /// <summary>The page's place in the prefix tree, or <see cref="PrefixTree.None"/>.</summary>
    public ref int NodeOf(int page) => ref _pages[page].Node;

    /// <summary>One more table holds the page. The first one's meter counts it.</summary>
    /// <returns>True for the first.</returns>
    public bool Hold(int page, KvMeter? meter)
    {
        ref var entry = ref _pages[page];
        if (entry.Holders++ > 0)
            return false;
        InUse++;
        entry.Meter = meter;
        meter?.Add(index);
        return true;
    }

    /// <summary>One table less holds the page.</summary>
    /// <returns>True for the last.</returns>
    public bool LetGo(int page)
    {
        ref var entry = ref _pages[page];
        if (--entry.Holders > 0)
            return false;
        InUse--;
        entry.Meter?.Remove(index);
        entry.Meter = null;
        return true;
    }

    /// <summary>The page can be taken again.</summary>
    public void Free(int page) => _free.Push(page);

    /// <summary>Copies what a page holds.</summary>
    public void Copy(int from, int to) =>
        Buffer.MemoryCopy((void*)AddressOf(from), (void*)AddressOf(to), group.BytesPerPage, group.BytesPerPage);

    /// <summary>The bytes of a page.</summary>
    public Span<byte> Bytes(int page) => new((void*)AddressOf(page), checked((int)group.BytesPerPage));

    public void Dispose()
    {
        foreach (var slab in _slabs)
            slab.Dispose();
    }
}
