using System.Buffers.Binary;
using System.Text;

namespace Ponder.Models.Tokenizers.Normalizing;

/// <summary>
/// SentencePiece's table of replacements (<c>precompiled_charsmap</c>): the size of a double-array trie, its units
/// (Darts-clone), and zero-terminated UTF-8 replacements. At each place the longest match is replaced.
/// </summary>
internal sealed class CharsMapNormalizer : Normalizer
{
    private readonly uint[] _units;
    private readonly byte[] _replacements;

    /// <summary>Checks the layout.</summary>
    /// <exception cref="TokenizerException">The sizes do not fit.</exception>
    public CharsMapNormalizer(ReadOnlySpan<byte> table)
    {
        uint size = table.Length >= 4 ? BinaryPrimitives.ReadUInt32LittleEndian(table) : uint.MaxValue;
        if (size % 4 != 0 || size == 0 || size > table.Length - 4)
            throw new TokenizerException($"The precompiled_charsmap of {table.Length} bytes does not hold the trie that it announces.");
        _units = new uint[size / 4];
        for (int i = 0; i < _units.Length; i++)
            _units[i] = BinaryPrimitives.ReadUInt32LittleEndian(table[(4 + 4 * i)..]);
        _replacements = table[(4 + (int)size)..].ToArray();
    }

    /// <inheritdoc/>
    public override ReadOnlySpan<char> Normalize(ReadOnlySpan<char> text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text.ToString());
        var result = new MemoryStream(bytes.Length);
        for (int at = 0; at < bytes.Length;)
        {
            if (TryMatch(bytes.AsSpan(at), out int length, out int offset))
            {
                var replacement = _replacements.AsSpan(offset);
                int end = replacement.IndexOf((byte)0);
                result.Write(end < 0 ? replacement : replacement[..end]);
                at += length;
                continue;
            }
            Rune.DecodeFromUtf8(bytes.AsSpan(at), out _, out int consumed);
            result.Write(bytes, at, consumed);
            at += consumed;
        }
        return Encoding.UTF8.GetString(result.GetBuffer(), 0, (int)result.Length);
    }

    // Darts-clone: a unit holds the offset of its children (bits 10-30, scaled by bit 9), whether a value hangs below
    // (bit 8) and its label (bits 0-7, with bit 31 for values).
    private bool TryMatch(ReadOnlySpan<byte> bytes, out int length, out int offset)
    {
        (length, offset) = (0, 0);
        uint node = Offset(_units[0]);
        for (int i = 0; i < bytes.Length; i++)
        {
            node ^= bytes[i];
            if (node >= _units.Length || (_units[node] & 0x8000_00FF) != bytes[i])
                break;
            uint unit = _units[node];
            node ^= Offset(unit);
            if ((unit & 0x100) == 0 || node >= _units.Length)
                continue;
            uint value = _units[node] & 0x7FFF_FFFF;
            if (value < _replacements.Length)
                (length, offset) = (i + 1, (int)value);
        }
        return length > 0;
    }

    private static uint Offset(uint unit) => (unit >> 10) << (int)((unit & 0x200) >> 6);
}
