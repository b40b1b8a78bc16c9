using System.Buffers;

namespace Ponder.Models.Tokenizers.Models;

/// <summary>
/// Byte-pair encoding: merges the neighbours of the lowest rank, the leftmost of equals first, until none merge
/// (Sennrich et al., arXiv 1508.07909). Short words scan for the minimum; long ones keep a heap, O(n log n).
/// </summary>
internal sealed class BpeMerger(MergeTable merges)
{
    private const int ScanLimit = 48;

    /// <summary>Merges <paramref name="symbols"/> in place.</summary>
    /// <returns>How many symbols remain, at the beginning of the span.</returns>
    public int Merge(Span<int> symbols) => symbols.Length <= ScanLimit ? MergeByScan(symbols) : MergeByHeap(symbols);

    private int MergeByScan(Span<int> symbols)
    {
        int count = symbols.Length;
        Span<int> ranks = stackalloc int[ScanLimit];    // ranks[i]: of the pair (i, i + 1)
        Span<int> merged = stackalloc int[ScanLimit];
        for (int i = 0; i + 1 < count; i++)
            Look(symbols[i], symbols[i + 1], out ranks[i], out merged[i]);
        while (count > 1)
        {
            int best = 0;
            for (int i = 1; i + 1 < count; i++)
            {
                if (ranks[i] < ranks[best])
                    best = i;
            }
            if (ranks[best] == int.MaxValue)
                break;
            symbols[best] = merged[best];
            symbols[(best + 2)..count].CopyTo(symbols[(best + 1)..]);
            ranks[(best + 2)..count].CopyTo(ranks[(best + 1)..]);
            merged[(best + 2)..count].CopyTo(merged[(best + 1)..]);
            count--;
            if (best + 1 < count)
                Look(symbols[best], symbols[best + 1], out ranks[best], out merged[best]);
            if (best > 0)
                Look(symbols[best - 1], symbols[best], out ranks[best - 1], out merged[best - 1]);
        }
        return count;
    }

    private int MergeByHeap(Span<int> symbols)
    {
        int count = symbols.Length;
        int[] rented = ArrayPool<int>.Shared.Rent(checked(count * 4));
        var next = rented.AsSpan(0, count);
        var previous = rented.AsSpan(count, count);
        var ranks = rented.AsSpan(2 * count, count);    // of the pair that begins here now; int.MaxValue if none does
        var merged = rented.AsSpan(3 * count, count);
        var first = new List<(int Position, ulong Priority)>(count);
        for (int i = 0; i < count; i++)
        {
            (next[i], previous[i], ranks[i]) = (i + 1, i - 1, int.MaxValue);
            if (i + 1 < count && Look(symbols[i], symbols[i + 1], out ranks[i], out merged[i]))
                first.Add((i, Priority(ranks[i], i)));
        }
        var heap = new PriorityQueue<int, ulong>(first);
        while (heap.TryDequeue(out int left, out ulong priority))
        {
            if (ranks[left] != (int)(priority >> 32))
                continue;                               // an outdated entry: the pair has changed since
            int right = next[left];
            symbols[left] = merged[left];
            ranks[right] = int.MaxValue;
            next[left] = next[right];
            if (next[left] < count)
                previous[next[left]] = left;
            Renew(symbols, left, next[left]);
            if (previous[left] >= 0)
                Renew(symbols, previous[left], left);

            void Renew(Span<int> symbols, int a, int b)
            {
                var ranks = rented.AsSpan(2 * count, count);
                ranks[a] = int.MaxValue;
                if (b < count && Look(symbols[a], symbols[b], out ranks[a], out rented[3 * count + a]))
                    heap.Enqueue(a, Priority(ranks[a], a));
            }
        }
        int kept = 0;
        for (int i = 0; i < count; i = next[i])
            symbols[kept++] = symbols[i];
        ArrayPool<int>.Shared.Return(rented);
        return kept;
    }

    private static ulong Priority(int rank, int position) => (ulong)(uint)rank << 32 | (uint)position;

    private bool Look(int left, int right, out int rank, out int merged) => merges.TryGet(left, right, out rank, out merged);
}
