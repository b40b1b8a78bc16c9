using System.Buffers.Binary;

namespace Ponder.Numerics.Formats;

/// <summary>
/// Eight scales and eight minimums of six bits in twelve bytes, as in Q4_K and Q5_K. With three little-endian words a, b, c: scales 0 to 3
/// are the lower six bits of a's bytes, minimums 0 to 3 those of b's; scales 4 to 7 take their lower four bits from the low
/// halves of c's bytes and the upper two from the top of a's bytes; minimums 4 to 7 likewise from the high halves of c and from b.
/// </summary>
internal static class KScales
{
    /// <summary>Bytes that hold the sixteen numbers.</summary>
    public const int Bytes = 12;

    /// <summary>Takes the numbers apart, byte i of each result being number i.</summary>
    public static void Unpack(uint a, uint b, uint c, out ulong scales, out ulong minimums)
    {
        scales = (a & 0x3F3F3F3F) | (ulong)((c & 0x0F0F0F0F) | ((a >> 2) & 0x30303030)) << 32;
        minimums = (b & 0x3F3F3F3F) | (ulong)(((c >> 4) & 0x0F0F0F0F) | ((b >> 2) & 0x30303030)) << 32;
    }

    /// <inheritdoc cref="Unpack(uint, uint, uint, out ulong, out ulong)"/>
    public static void Unpack(ReadOnlySpan<byte> packed, out ulong scales, out ulong minimums) =>
        Unpack(
            BinaryPrimitives.ReadUInt32LittleEndian(packed),
            BinaryPrimitives.ReadUInt32LittleEndian(packed[4..]),
            BinaryPrimitives.ReadUInt32LittleEndian(packed[8..]),
            out scales,
            out minimums);

    /// <summary>Puts eight scales and eight minimums, each 0 to 63, together.</summary>
    public static void Pack(ReadOnlySpan<int> scales, ReadOnlySpan<int> minimums, Span<byte> packed)
    {
        for (int i = 0; i < 4; i++)
        {
            packed[i] = (byte)(scales[i] | (scales[i + 4] >> 4 << 6));
            packed[i + 4] = (byte)(minimums[i] | (minimums[i + 4] >> 4 << 6));
            packed[i + 8] = (byte)((scales[i + 4] & 15) | ((minimums[i + 4] & 15) << 4));
        }
    }
}
