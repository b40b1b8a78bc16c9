using Ponder.Models.Transformers;
using Ponder.Numerics;
using Ponder.Numerics.Kernels;

namespace Ponder.Inference.Kv;

/// <summary>
/// The keys and values of one branch. A fork shares all pages; a shared page is copied when one of its holders writes to it.
/// </summary>
internal sealed class KvSequence(KvPool pool) : IDisposable
{
    private readonly List<int> _pages = [];

    /// <summary>Positions that hold keys and values.</summary>
    public int Length { get; private set; }

    /// <summary>The pages' addresses, for the forward pass.</summary>
    public PageTable Pages { get; } = new();

    /// <summary>Makes room for <paramref name="tokens"/> more positions, which the next forward pass fills.</summary>
    /// <exception cref="KvMemoryException">The memory limit is reached; the sequence is as it was.</exception>
    public void Extend(int tokens)
    {
        int last = _pages.Count - 1;
        if (Length % Attention.PageTokens != 0 && pool.IsShared(_pages[last]))
        {
            int copy = pool.Copy(_pages[last]);
            pool.Release(_pages[last]);
            _pages[last] = copy;
            Pages[last] = pool.AddressOf(copy);
        }
        int held = _pages.Count;
        try
        {
            while (_pages.Count < KvLayout.PagesFor(Length + tokens))
            {
                _pages.Add(pool.Rent());
                Pages.Add(pool.AddressOf(_pages[^1]));
            }
        }
        catch (PonderException)                                // the limit, or the system has no memory for a page
        {
            DropPages(held);
            throw;
        }
        Length += tokens;
    }

    /// <summary>Another branch with the same beginning, which costs no KV memory until one of the two writes.</summary>
    public KvSequence Fork()
    {
        var fork = new KvSequence(pool) { Length = Length };
        foreach (int page in _pages)
        {
            pool.Share(page);
            fork._pages.Add(page);
            fork.Pages.Add(pool.AddressOf(page));
        }
        return fork;
    }

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
            pool.Release(_pages[i]);
            _pages.RemoveAt(i);
            Pages.RemoveLast();
        }
    }
}
