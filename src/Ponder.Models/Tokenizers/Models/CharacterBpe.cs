using System.Runtime.InteropServices;
using System.Text;

namespace Ponder.Models.Tokenizers.Models;

/// <summary>How <see cref="CharacterBpe"/> treats what the vocabulary lacks.</summary>
internal sealed record CharacterBpeOptions
{
    /// <summary>A piece that is a token is taken whole, whatever the merges say.</summary>
    public bool WholeWordsFirst { get; init; }

    /// <summary>A character without a token becomes its bytes, if all of them have tokens.</summary>
    public bool ByteFallback { get; init; }

    /// <summary>Stands for a character without a token; null drops it.</summary>
    public int? Unknown { get; init; }

    /// <summary>One unknown token for a row of characters without tokens.</summary>
    public bool FuseUnknown { get; init; }
}

/// <summary>BPE over the characters of a piece (SentencePiece, and the files made from it).</summary>
internal sealed class CharacterBpe : TokenModel
{
    private readonly Vocabulary _vocabulary;
    private readonly BpeMerger _merger;
    private readonly CharacterBpeOptions _options;
    private readonly Dictionary<int, int> _characters = [];
    private readonly int[] _byteIds = new int[256];         // -1: no token
    private readonly bool _cutsAtSpaces;
    private readonly WordCache _cache = new();

    /// <summary>Prepares the model.</summary>
    /// <param name="vocabulary">The tokens.</param>
    /// <param name="merges">Pairs of symbols; characters without a token are <see cref="Symbol"/>.</param>
    /// <param name="options">What to do with what is missing.</param>
    /// <param name="isText">Says which ids may stand for text; all when null.</param>
    public CharacterBpe(Vocabulary vocabulary, MergeTable merges, CharacterBpeOptions options, Func<int, bool>? isText = null)
    {
        (_vocabulary, _merger, _options) = (vocabulary, new BpeMerger(merges), options);
        Array.Fill(_byteIds, -1);
        _cutsAtSpaces = true;
        for (int id = 0; id < vocabulary.Size; id++)
        {
            string name = vocabulary.NameOf(id);
            if (options.ByteFallback && ByteTokens.TryParse(name, out byte value))
                _byteIds[value] = id;
            if (isText?.Invoke(id) == false)
                continue;
            if (Rune.DecodeFromUtf16(name, out var rune, out int length) == System.Buffers.OperationStatus.Done && length == name.Length)
                _characters.TryAdd(rune.Value, id);
            _cutsAtSpaces &= !HasSpaceAfterText(name);
        }
    }

    /// <summary>The symbol of a character that has no token of its own, but may be part of one.</summary>
    public static int Symbol(Rune character) => int.MinValue + character.Value;

    /// <inheritdoc/>
    public override void Encode(ReadOnlySpan<char> piece, List<int> ids)
    {
        // Where no token holds ▁ behind another character, no merge crosses such a place: the words of a long text
        // can be merged one by one.
        int start = 0;
        for (int i = 1; _cutsAtSpaces && i < piece.Length; i++)
        {
            if (piece[i] != '▁' || piece[i - 1] == '▁')
                continue;
            EncodeWord(piece[start..i], ids);
            start = i;
        }
        EncodeWord(piece[start..], ids);
    }

    private void EncodeWord(ReadOnlySpan<char> word, List<int> ids)
    {
        if (_cache.TryAppend(word, ids))
            return;
        int from = ids.Count;
        if (_options.WholeWordsFirst && _vocabulary.IdOf(word) is { } whole && !_vocabulary.IsSpecial(whole))
            ids.Add(whole);
        else
            AppendMerged(word, ids);
        _cache.Add(word, CollectionsMarshal.AsSpan(ids)[from..]);
    }

    private void AppendMerged(ReadOnlySpan<char> word, List<int> ids)
    {
        int[] symbols = System.Buffers.ArrayPool<int>.Shared.Rent(word.Length);
        int count = 0;
        foreach (var rune in word.EnumerateRunes())
            symbols[count++] = _characters.TryGetValue(rune.Value, out int id) ? id : Symbol(rune);
        count = _merger.Merge(symbols.AsSpan(0, count));
        bool unknown = false;
        foreach (int symbol in symbols.AsSpan(0, count))
        {
            bool missing = symbol < 0 && !TryAppendBytes(new Rune(symbol - int.MinValue), ids);
            if (symbol >= 0)
                ids.Add(symbol);
            else if (missing && _options.Unknown is { } id && !(unknown && _options.FuseUnknown))
                ids.Add(id);
            unknown = missing;
        }
        System.Buffers.ArrayPool<int>.Shared.Return(symbols);
    }

    private bool TryAppendBytes(Rune rune, List<int> ids)
    {
        Span<byte> bytes = stackalloc byte[4];
        bytes = bytes[..rune.EncodeToUtf8(bytes)];
        foreach (byte value in bytes)
        {
            if (_byteIds[value] < 0)
                return false;
        }
        foreach (byte value in bytes)
            ids.Add(_byteIds[value]);
        return true;
    }

    private static bool HasSpaceAfterText(string name)
    {
        for (int i = 1; i < name.Length; i++)
        {
            if (name[i] == '▁' && name[i - 1] != '▁')
                return true;
        }
        return false;
    }
}
