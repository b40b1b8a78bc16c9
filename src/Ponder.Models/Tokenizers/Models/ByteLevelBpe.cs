using System.Buffers;
using System.Text;

namespace Ponder.Models.Tokenizers.Models;

/// <summary>BPE over the UTF-8 bytes of a piece (GPT-2 and most that follow it).</summary>
internal sealed class ByteLevelBpe : TokenModel
{
    private readonly Vocabulary _vocabulary;
    private readonly BpeMerger _merger;
    private readonly bool _wholeWordsFirst;
    private readonly int? _unknown;
    private readonly int[] _byteIds = new int[256];     // -1: the vocabulary lacks the byte
    private readonly WordCache _cache = new();

    /// <summary>Prepares the model.</summary>
    /// <param name="vocabulary">Names written in the <see cref="ByteAlphabet"/>.</param>
    /// <param name="merges">Pairs of ids with their ranks.</param>
    /// <param name="wholeWordsFirst">A piece that is a token is taken whole, whatever the merges say (<c>ignore_merges</c>).</param>
    /// <param name="unknown">Stands for bytes that the vocabulary lacks.</param>
    public ByteLevelBpe(Vocabulary vocabulary, MergeTable merges, bool wholeWordsFirst, int? unknown)
    {
        _vocabulary = vocabulary;
        _merger = new BpeMerger(merges);
        _wholeWordsFirst = wholeWordsFirst;
        _unknown = unknown;
        for (int value = 0; value < 256; value++)
            _byteIds[value] = vocabulary.IdOf([ByteAlphabet.CharacterOf((byte)value)]) ?? -1;
    }

    /// <inheritdoc/>
    public override void Encode(ReadOnlySpan<char> piece, List<int> ids)
    {
        if (_cache.TryAppend(piece, ids))
            return;
        int from = ids.Count;
        // A UTF-16 unit is at most three bytes; lone surrogates become U+FFFD, three bytes too.
        int most = Encoding.UTF8.GetMaxByteCount(piece.Length);
        byte[]? rentedBytes = most > 512 ? ArrayPool<byte>.Shared.Rent(most) : null;
        var bytes = rentedBytes ?? stackalloc byte[512];
        bytes = bytes[..Encoding.UTF8.GetBytes(piece, bytes)];
        if (!_wholeWordsFirst || !TryAppendWhole(bytes, ids))
            AppendMerged(bytes, ids);
        if (rentedBytes is not null)
            ArrayPool<byte>.Shared.Return(rentedBytes);
        _cache.Add(piece, System.Runtime.InteropServices.CollectionsMarshal.AsSpan(ids)[from..]);
    }

    private bool TryAppendWhole(ReadOnlySpan<byte> bytes, List<int> ids)
    {
        if (bytes.Length > _vocabulary.LongestName)
            return false;
        char[] name = ArrayPool<char>.Shared.Rent(bytes.Length);
        for (int i = 0; i < bytes.Length; i++)
            name[i] = ByteAlphabet.CharacterOf(bytes[i]);
        int? id = _vocabulary.IdOf(name.AsSpan(0, bytes.Length));
        ArrayPool<char>.Shared.Return(name);
        if (id is not { } found || _vocabulary.IsSpecial(found))
            return false;                               // the name of a control token is text here
        ids.Add(found);
        return true;
    }

    private void AppendMerged(ReadOnlySpan<byte> bytes, List<int> ids)
    {
        int[]? rented = bytes.Length > 256 ? ArrayPool<int>.Shared.Rent(bytes.Length) : null;
        var symbols = (rented ?? stackalloc int[256])[..bytes.Length];
        for (int i = 0; i < bytes.Length; i++)
            symbols[i] = _byteIds[bytes[i]] is >= 0 and var id ? id : _unknown ?? throw Missing(bytes[i]);
        ids.AddRange(symbols[.._merger.Merge(symbols)]);
        if (rented is not null)
            ArrayPool<int>.Shared.Return(rented);
    }

    private static TokenizerException Missing(byte value) =>
        new($"The vocabulary has no token for the byte 0x{value:X2} of the text and no unknown token to stand for it.");
}
