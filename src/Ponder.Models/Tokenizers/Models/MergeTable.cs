using System.Numerics;

namespace Ponder.Models.Tokenizers.Models;

/// <summary>
/// From a pair of symbols to its rank and to the symbol it merges into. Open addressing with linear probing
/// and 16-byte slots: one cache line for most look-ups, which are the inner loop of BPE.
/// </summary>
internal sealed class MergeTable
{
    private const ulong Empty = ulong.MaxValue;
    private Slot[] _slots;
    private int _count;

    /// <summary>Makes room for <paramref name="capacity"/> pairs; it grows when there are more.</summary>
    public MergeTable(int capacity)
    {
        _slots = NewSlots(capacity);
    }

    /// <summary>Pairs in the table.</summary>
    public int Count => _count;

    /// <summary>Adds a pair; of equal pairs the first stays.</summary>
    public bool TryAdd(int left, int right, int rank, int merged)
    {
        if (_count >= _slots.Length / 2)
            Grow();
        ulong key = Key(left, right);
        int slot = Find(_slots, key);
        if (_slots[slot].Key == key)
            return false;
        _slots[slot] = new Slot(key, rank, merged);
        _count++;
        return true;
    }

    /// <summary>Looks a pair up; rank is <see cref="int.MaxValue"/> when it does not merge.</summary>
    public bool TryGet(int left, int right, out int rank, out int merged)
    {
        ulong key = Key(left, right);
        ref readonly var slot = ref _slots[Find(_slots, key)];
        (rank, merged) = (slot.Rank, slot.Merged);
        return slot.Key == key;
    }

    private void Grow()
    {
        var larger = NewSlots(_slots.Length);
        foreach (var slot in _slots)
        {
            if (slot.Key != Empty)
                larger[Find(larger, slot.Key)] = slot;
        }
        _slots = larger;
    }

    private static Slot[] NewSlots(int capacity)
    {
        var slots = new Slot[BitOperations.RoundUpToPowerOf2((uint)Math.Max(capacity, 4)) * 2];
        Array.Fill(slots, new Slot(Empty, int.MaxValue, -1));
        return slots;
    }

    // Symbols are ids or, for code points without a token, int.MinValue + code point: never -1, so no pair is the empty key.
    private static ulong Key(int left, int right) => (ulong)(uint)left << 32 | (uint)right;

    private static int Find(Slot[] slots, ulong key)
    {
        int mask = slots.Length - 1;
        int slot = (int)(key * 0x9E3779B97F4A7C15 >> 32) & mask;
        while (slots[slot].Key != key && slots[slot].Key != Empty)
            slot = (slot + 1) & mask;
        return slot;
    }

    private readonly record struct Slot(ulong Key, int Rank, int Merged);
}
