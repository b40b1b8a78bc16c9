using Ponder.Numerics.Kernels;

namespace Ponder.Inference.Kv;

/// <summary>
/// Counts the KV pages that the branches of one tree hold: a page counts once however many of them share it, from when the first takes it until the
/// last lets go. A page that branches of several trees hold counts for the tree that held it first. Not thread-safe.
/// </summary>
public sealed class KvMeter
{
    private int[] _pages = new int[1];                          // of each group of layers
    private double _sum;

    /// <summary>Unique pages that are held now, of all groups of layers.</summary>
    public int Pages { get; private set; }

    /// <summary>Unique positions that are held now: pages of the group of layers that holds the most, times the positions of a page.</summary>
    public int Tokens { get; private set; }

    /// <summary>The largest that <see cref="Tokens"/> ever was.</summary>
    public int Peak { get; private set; }

    /// <summary>The mean of <see cref="Tokens"/> over all calls of <see cref="Sample"/>; 0 before the first.</summary>
    public double Average => Samples == 0 ? 0 : _sum / Samples;

    /// <summary>Calls of <see cref="Sample"/>.</summary>
    public long Samples { get; private set; }

    /// <summary>Takes <see cref="Tokens"/> into the average: to be called once a step.</summary>
    public void Sample()
    {
        _sum += Tokens;
        Samples++;
    }

    internal void Add(int group)
    {
        if (group >= _pages.Length)
            Array.Resize(ref _pages, group + 1);
        _pages[group]++;
        Pages++;
        Tokens = Math.Max(Tokens, _pages[group] * Attention.PageTokens);
        Peak = Math.Max(Peak, Tokens);
    }

    internal void Remove(int group)
    {
        _pages[group]--;
        Pages--;
        int most = 0;
        foreach (int pages in _pages)
            most = Math.Max(most, pages);
        Tokens = most * Attention.PageTokens;
    }
}
