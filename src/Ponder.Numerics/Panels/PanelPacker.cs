using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Ponder.Numerics.Formats;

namespace Ponder.Numerics.Panels;

/// <summary>Brings rows of a weight matrix into panels. Only the order of the bits changes.</summary>
/// <remarks>
/// A block of a row goes into one 32-bit lane of the panel, four values a word, so plain 32-bit arithmetic is enough: 2 to 6 GB/s on one core, where
/// memory is the limit.
/// </remarks>
internal static unsafe class PanelPacker
{
    private const uint LowNibbles = 0x0F0F0F0F, HighNibbles = 0xF0F0F0F0, SignBits = 0x80808080;

    /// <summary>Packs up to 16 rows of W into one panel; missing rows become outputs that are 0.</summary>
    /// <param name="layout">Of the panel; its kind has the name of the rows' format.</param>
    /// <param name="rows">The first row.</param>
    /// <param name="rowBytes">Bytes from a row to the next.</param>
    /// <param name="count">Rows, 1 to 16.</param>
    /// <param name="panel">Receives <see cref="PanelLayout.Bytes"/> bytes.</param>
    public static void Pack(PanelLayout layout, byte* rows, nint rowBytes, int count, byte* panel)
    {
        var kind = layout.Kind;
        if (count < PanelLayout.Columns)
            NativeMemory.Clear(panel, (nuint)layout.Bytes);
        int blockBytes = BlockBytes(kind);
        for (int block = 0; block < layout.Scales; block++)
        {
            var lane = new Lane(layout, panel, block);
            for (int row = 0; row < count; row++, lane.Next())
            {
                byte* source = rows + row * rowBytes + (nint)block * blockBytes;
                if (kind.SubScales == 0)
                    PackGroup(kind, source, ref lane);
                else if (kind.HasMinimum)
                    PackAffine(kind, source, ref lane);
                else
                    PackSymmetric(source, ref lane);
            }
        }
    }

    private static int BlockBytes(PanelKind kind) => kind switch
    {
        { SubScales: 2 } => 128 + 64 + 16 + 2,
        { SubScales: 1 } => 4 + KScales.Bytes + 32 * kind.HighVectors + 128,
        _ => 2 + (kind.HasMinimum ? 2 : 0) + 4 * kind.HighVectors + 4 * kind.QuadVectors,
    };

    // Q8_0, Q4_0, Q4_1, Q5_0, Q5_1: scale, minimum, fifth bits, values. Nibbles pair as they do in panels.
    private static void PackGroup(PanelKind kind, byte* block, ref Lane lane)
    {
        lane.D[0] = Word16(block);
        block += 2;
        if (kind.HasMinimum)
        {
            lane.M[0] = Word16(block);
            block += 2;
        }
        if (kind.Bits == 5)
        {
            lane.H[0] = QuarterTurn(Word(block));
            block += 4;
        }
        uint flip = kind.Bits == 8 ? SignBits : 0;   // signed bytes become unsigned ones by adding 128, that is by changing the sign bit
        for (int i = 0; i < kind.QuadVectors; i++)
            lane.Q[i * PanelLayout.Columns] = Word(block + 4 * i) ^ flip;
    }

    // Q4_K, Q5_K: d, dmin, packed scales and minimums, fifth bits, runs of 32 bytes with one group in the low nibbles and the next in the high ones.
    private static void PackAffine(PanelKind kind, byte* block, ref Lane lane)
    {
        lane.D[0] = Word16(block);
        lane.M[0] = Word16(block + 2);
        KScales.Unpack(Word(block + 4), Word(block + 8), Word(block + 12), out ulong scales, out ulong minimums);
        byte* fifth = block + 4 + KScales.Bytes;
        byte* codes = fifth + 32 * kind.HighVectors;
        for (int group = 0; group < 8; group++, scales >>= 8, minimums >>= 8)
        {
            lane.Sc[group * PanelLayout.Columns] = (byte)scales;
            lane.Mn[group * PanelLayout.Columns] = (byte)minimums;
            PackNibbles(codes + group / 2 * 32, group % 2 != 0, lane.Q + group * 4 * PanelLayout.Columns);
            if (kind.Bits == 4)
                continue;
            uint high = 0;
            for (int i = 0; i < 8; i++)
                high |= (Word(fifth + 4 * i) >> group & 0x01010101) << i;
            lane.H[group * PanelLayout.Columns] = high;
        }
    }

    // Q6_K: halves of 128 values; each has 64 bytes of lower nibbles and 32 of upper bit pairs for four groups.
    private static void PackSymmetric(byte* block, ref Lane lane)
    {
        lane.D[0] = Word16(block + 208);
        for (int i = 0; i < 16; i++)
            lane.Sc[i * PanelLayout.Columns] = block[192 + i];
        for (int group = 0; group < 8; group++)
        {
            int half = group / 4, row = group % 4;
            PackNibbles(block + half * 64 + row % 2 * 32, row >= 2, lane.Q + group * 4 * PanelLayout.Columns);
            byte* upper = block + 128 + half * 32;
            for (int v = 0; v < 2; v++, upper += 16)
            {
                uint high = 0;
                for (int i = 0; i < 4; i++)
                    high |= (Word(upper + 4 * i) >> (2 * row) & 0x03030303) << (2 * i);
                lane.H[(group * 2 + v) * PanelLayout.Columns] = high;
            }
        }
    }

    // One nibble of each of 32 bytes: bytes 0 to 15 go to the low nibbles, bytes 16 to 31 to the high ones.
    private static void PackNibbles(byte* bytes, bool high, uint* target)
    {
        for (int i = 0; i < 4; i++, target += PanelLayout.Columns)
        {
            uint first = Word(bytes + 4 * i), second = Word(bytes + 16 + 4 * i);
            *target = high ? (first >> 4 & LowNibbles) | (second & HighNibbles) : (first & LowNibbles) | (second & LowNibbles) << 4;
        }
    }

    // Bit 4i + j moves to bit 8j + i: twice, all even bits move to the lower half and all odd ones to the upper.
    private static uint QuarterTurn(uint bits) => Unshuffle(Unshuffle(bits));

    private static uint Unshuffle(uint bits)
    {
        bits = Swap(bits, 0x22222222, 1);
        bits = Swap(bits, 0x0C0C0C0C, 2);
        bits = Swap(bits, 0x00F000F0, 4);
        return Swap(bits, 0x0000FF00, 8);
    }

    // Exchanges the bits of a mask with those that lie `distance` above them.
    private static uint Swap(uint bits, uint mask, int distance)
    {
        uint difference = (bits ^ bits >> distance) & mask;
        return bits ^ difference ^ difference << distance;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Word(byte* source) => Unsafe.ReadUnaligned<uint>(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ushort Word16(byte* source) => Unsafe.ReadUnaligned<ushort>(source);

    // Where the numbers of one block of one output go; those of the next along a plane lie 16 elements on.
    private struct Lane
    {
        public ushort* D, M;
        public byte* Sc, Mn;
        public uint* Q, H;

        public Lane(PanelLayout layout, byte* panel, int block)
        {
            const int Entries = PanelLayout.Columns;
            long group = (long)block * layout.Kind.ScaleValues / PanelLayout.GroupValues;
            D = (ushort*)(panel + PanelLayout.D) + (nint)block * Entries;
            M = (ushort*)(panel + layout.M) + (nint)block * Entries;
            Sc = panel + layout.Sc + group * layout.Kind.SubScales * Entries;
            Mn = panel + layout.Mn + group * Entries;
            Q = (uint*)(panel + layout.Q) + group * layout.Kind.QuadVectors * Entries;
            H = (uint*)(panel + layout.H) + group * layout.Kind.HighVectors * Entries;
        }

        public void Next()
        {
            D++;
            M++;
            Sc++;
            Mn++;
            Q++;
            H++;
        }
    }
}
