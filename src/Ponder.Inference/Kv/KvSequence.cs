#pragma warning disable IDE0060, CA1822 // until sampling chains and the prefix tree are in
using Ponder.Models.Transformers;
using Ponder.Numerics;
using Ponder.Numerics.Kernels;

namespace Ponder.Inference.Kv;

/// <summary>
/// The keys and values of one branch. A fork shares all pages; a shared page is copied when one of its holders writes to it.
/// </summary>
internal sealed class KvSequence : IDisposable
{
    private const int RoomForPages = 16;                        // as much as a new page table has: the next 256 tokens allocate nothing

    private readonly KvPool _pool;
    private readonly List<int> _pages;

    /// <summary>An empty sequence.</summary>
    public KvSequence(KvPool pool)
    {
        _pool = pool;
        _pages = new List<int>(RoomForPages);
        Pages = new PageTable();
    }

    private KvSequence(KvSequence origin)
    {
        _pool = origin._pool;
        _pages = new List<int>(origin._pages.Count + RoomForPages);
        _pages.AddRange(origin._pages);
        Pages = new PageTable(origin.Pages);
        Length = origin.Length;
        foreach (int page in _pages)
            _pool.Share(page);
    }

    /// <summary>Positions that hold keys and values.</summary>
    public int Length { get; private set; }

    /// <summary>The pages' addresses, for the forward pass.</summary>
    public PageTable Pages { get; }

    /// <summary>Makes room for <paramref name="tokens"/> more positions, which the next forward pass fills.</summary>
    /// <exception cref="KvMemoryException">The memory limit is reached; the sequence is as it was.</exception>
    public void Extend(int tokens)
    {
        int last = _pages.Count - 1;
        if (Length % Attention.PageTokens != 0 && _pool.IsShared(_pages[last]))
        {
            int copy = _pool.Copy(_pages[last]);
            _pool.Release(_pages[last]);
            _pages[last] = copy;
            Pages[last] = _pool.AddressOf(copy);
        }
        int held = _pages.Count;
        try
        {
            while (_pages.Count < KvLayout.PagesFor(Length + tokens))
            {
                _pages.Add(_pool.Rent());
                Pages.Add(_pool.AddressOf(_pages[^1]));
            }
        }
        catch (PonderException)                                // the limit, or the system has no memory for a page
        {
            DropPages(held);
            throw;
        }
        Length += tokens;
    }

    public int Published => 0;
    public void Reserve(int tokens) { }
    public void Publish(ReadOnlySpan<int> t, bool l) { }
    public int Adopt(ReadOnlySpan<int> t, bool l) => 0;
    public bool TryExtend(int tokens)
    {
        try { Extend(tokens); return true; }
        catch (KvMemoryException) { return false; }
    }

    /// <summary>Another branch with the same beginning, which costs no KV memory until one of the two writes.</summary>
    public KvSequence Fork() => new(this);

    /// <summary>Rolls back to the first <paramref name="length"/> positions.</summary>
    public void Truncate(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, Length);
        DropPages(KvLayout.PagesFor(length));
        Length = length;
    }

    public void Dispose()
    {
        DropPages(0);
        Pages.Dispose();
    }

    private void DropPages(int kept)
    {
        for (int i = _pages.Count - 1; i >= kept; i--)
        {
            _pool.Release(_pages[i]);
            _pages.RemoveAt(i);
            Pages.RemoveLast();
        }
    }
}
