namespace Ponder.Models.Tokenizers.Models;

/// <summary>
/// Remembers the ids of words. Direct-mapped: a word that falls on a taken slot replaces what was there, so
/// the size is bounded; entries are immutable and slots are replaced whole, so no lock is needed.
/// </summary>
internal sealed class WordCache
{
    private const int SlotBits = 15;

    /// <summary>Longer words are rare and would make the bound on memory meaningless.</summary>
    private const int MaxLength = 48;

    private readonly Entry?[] _slots = new Entry?[1 << SlotBits];

    /// <summary>Appends the ids of a known word.</summary>
    public bool TryAppend(ReadOnlySpan<char> word, List<int> ids)
    {
        if (word.Length > MaxLength)
            return false;
        uint hash = Hash(word);
        if (Volatile.Read(ref _slots[hash >> (32 - SlotBits)]) is not { } entry || entry.Hash != hash || !word.SequenceEqual(entry.Word))
            return false;
        ids.AddRange(entry.Ids);
        return true;
    }

    /// <summary>Remembers a word.</summary>
    public void Add(ReadOnlySpan<char> word, ReadOnlySpan<int> ids)
    {
        if (word.Length > MaxLength)
            return;
        uint hash = Hash(word);
        Volatile.Write(ref _slots[hash >> (32 - SlotBits)], new Entry(hash, word.ToString(), ids.ToArray()));
    }

    // A multiplicative hash: words are short, and an attacker who makes them collide only loses the cache.
    private static uint Hash(ReadOnlySpan<char> word)
    {
        ulong hash = (ulong)word.Length;
        foreach (char c in word)
            hash = (hash ^ c) * 0x9E3779B97F4A7C15 >> 7 ^ hash << 29;
        return (uint)(hash * 0x9E3779B97F4A7C15 >> 32);
    }

    private sealed record Entry(uint Hash, string Word, int[] Ids);
}
