using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Ponder.Numerics.Formats;

namespace Ponder.Numerics.Panels;

/// <summary>Brings rows of a weight matrix into panels. Only the order of the bits changes.</summary>
/// <remarks>Words of 16 rows are gathered into vectors with a lane for each row; what else must move in them moves for all rows at once.</remarks>
internal static unsafe class PanelPacker
{
    private const int Lanes = PanelLayout.Columns;

    private static Vector512<uint> LowNibbles => Vector512.Create(0x0F0F0F0Fu);

    private static Vector512<uint> HighNibbles => Vector512.Create(0xF0F0F0F0u);

    /// <summary>Packs up to 16 rows of W into one panel; missing rows become outputs that are 0.</summary>
    /// <param name="layout">Of the panel; its kind has the name of the rows' format.</param>
    /// <param name="rows">The first row.</param>
    /// <param name="rowBytes">Bytes from a row to the next.</param>
    /// <param name="count">Rows, 1 to 16.</param>
    /// <param name="panel">Receives <see cref="PanelLayout.Bytes"/> bytes.</param>
    public static void Pack(PanelLayout layout, byte* rows, nint rowBytes, int count, byte* panel)
    {
        if (count < Lanes)
            NativeMemory.Clear(panel, (nuint)layout.Bytes);
        var source = new Rows(rows, rowBytes, count);
        if (layout.Kind.SubScales == 0)
            PackGroups(layout, source, panel);
        else if (layout.Kind.HasMinimum)
            PackAffine(layout, source, panel);
        else
            PackSymmetric(layout, source, panel);
    }

    // Q8_0, Q4_0, Q4_1, Q5_0, Q5_1: scale, minimum, fifth bits, values. Nibbles pair as they do in panels.
    private static void PackGroups(PanelLayout layout, Rows rows, byte* panel)
    {
        var kind = layout.Kind;
        int fifth = kind.HasMinimum ? 4 : 2, codes = fifth + 4 * kind.HighVectors;
        ushort* d = (ushort*)(panel + PanelLayout.D), m = (ushort*)(panel + layout.M);
        uint* q = (uint*)(panel + layout.Q), h = (uint*)(panel + layout.H);
        uint* words = stackalloc uint[Lanes];
        for (int group = 0; group < layout.Groups; group++, d += Lanes, m += Lanes, q += kind.QuadVectors * Lanes, rows.Skip(codes + 4 * kind.QuadVectors))
        {
            rows.GatherHalves(0, d);
            if (kind.HasMinimum)
                rows.GatherHalves(2, m);
            rows.Gather(codes, kind.QuadVectors, q);
            if (kind.Bits == 8)
            {
                // Signed bytes become unsigned ones by adding 128, that is by changing the sign bit.
                for (int i = 0; i < kind.QuadVectors; i++)
                    (Vector512.Load(q + i * Lanes) ^ Vector512.Create(0x80808080u)).Store(q + i * Lanes);
            }
            if (kind.Bits == 5)
            {
                rows.Gather(fifth, 1, words);
                QuarterTurn(Vector512.Load(words)).Store(h);
                h += Lanes;
            }
        }
    }

    // Q4_K, Q5_K: d, dmin, packed scales and minimums, fifth bits, runs of 32 bytes with one group in the low nibbles and the next in the high ones.
    private static void PackAffine(PanelLayout layout, Rows rows, byte* panel)
    {
        const int Scales = 4, Fifth = Scales + KScales.Bytes;
        int codes = Fifth + 32 * layout.Kind.HighVectors;
        uint* words = stackalloc uint[32 * Lanes];
        for (int block = 0; block < layout.Scales; block++, rows.Skip(codes + 128))
        {
            rows.GatherHalves(0, (ushort*)(panel + PanelLayout.D) + block * Lanes);
            rows.GatherHalves(2, (ushort*)(panel + layout.M) + block * Lanes);
            byte* sc = panel + layout.Sc + block * 8 * Lanes, mn = panel + layout.Mn + block * 8 * Lanes;
            for (int row = 0; row < rows.Count; row++)
            {
                uint* packed = (uint*)(rows[row] + Scales);
                KScales.Unpack(packed[0], packed[1], packed[2], out ulong scales, out ulong minimums);
                for (int group = 0; group < 8; group++, scales >>= 8, minimums >>= 8)
                    (sc[group * Lanes + row], mn[group * Lanes + row]) = ((byte)scales, (byte)minimums);
            }
            rows.Gather(codes, 32, words);
            uint* q = (uint*)(panel + layout.Q) + (nint)block * 32 * Lanes;
            for (int group = 0; group < 8; group++, q += 4 * Lanes)
                PackNibbles(words + group / 2 * 8 * Lanes, group % 2 != 0, q);
            if (layout.Kind.Bits == 4)
                continue;
            rows.Gather(Fifth, 8, words);
            uint* h = (uint*)(panel + layout.H) + (nint)block * 8 * Lanes;
            for (int group = 0; group < 8; group++, h += Lanes)
                PackBits(words, 8, group, 1, h);
        }
    }

    // Q6_K: halves of 128 values; each has 64 bytes of lower nibbles and 32 of upper bit pairs for four groups. Scales and d are last.
    private static void PackSymmetric(PanelLayout layout, Rows rows, byte* panel)
    {
        const int Upper = 128, Scales = Upper + 64, D = Scales + 16;
        uint* lower = stackalloc uint[32 * Lanes];
        uint* upper = stackalloc uint[16 * Lanes];
        for (int block = 0; block < layout.Scales; block++, rows.Skip(D + 2))
        {
            rows.GatherHalves(D, (ushort*)(panel + PanelLayout.D) + block * Lanes);
            byte* sc = panel + layout.Sc + block * 16 * Lanes;
            for (int row = 0; row < rows.Count; row++)
            {
                for (int i = 0; i < 16; i++)
                    sc[i * Lanes + row] = rows[row][Scales + i];
            }
            rows.Gather(0, 32, lower);
            rows.Gather(Upper, 16, upper);
            uint* q = (uint*)(panel + layout.Q) + (nint)block * 32 * Lanes, h = (uint*)(panel + layout.H) + (nint)block * 16 * Lanes;
            for (int group = 0; group < 8; group++, q += 4 * Lanes, h += 2 * Lanes)
            {
                int half = group / 4, part = group % 4;
                PackNibbles(lower + (half * 16 + part % 2 * 8) * Lanes, part >= 2, q);
                PackBits(upper + half * 8 * Lanes, 4, 2 * part, 2, h);
                PackBits(upper + (half * 8 + 4) * Lanes, 4, 2 * part, 2, h + Lanes);
            }
        }
    }

    // One nibble of each of 32 bytes: bytes 0 to 15 go to the low nibbles, bytes 16 to 31 to the high ones.
    private static void PackNibbles(uint* words, bool high, uint* target)
    {
        for (int i = 0; i < 4; i++)
        {
            Vector512<uint> first = Vector512.Load(words + i * Lanes), second = Vector512.Load(words + (i + 4) * Lanes);
            var packed = high ? (first >>> 4 & LowNibbles) | (second & HighNibbles) : (first & LowNibbles) | (second & LowNibbles) << 4;
            packed.Store(target + i * Lanes);
        }
    }

    // The bits of each byte from `shift` on, beside those of the words before it.
    private static void PackBits(uint* words, int count, int shift, int bits, uint* target)
    {
        var mask = Vector512.Create(bits == 1 ? 0x01010101u : 0x03030303u);
        var packed = Vector512<uint>.Zero;
        for (int i = 0; i < count; i++)
            packed |= (Vector512.Load(words + i * Lanes) >>> shift & mask) << (i * bits);
        packed.Store(target);
    }

    // Bit 4i + j moves to bit 8j + i: twice, all even bits move to the lower half and all odd ones to the upper.
    private static Vector512<uint> QuarterTurn(Vector512<uint> bits) => Unshuffle(Unshuffle(bits));

    private static Vector512<uint> Unshuffle(Vector512<uint> bits)
    {
        bits = Swap(bits, 0x22222222, 1);
        bits = Swap(bits, 0x0C0C0C0C, 2);
        bits = Swap(bits, 0x00F000F0, 4);
        return Swap(bits, 0x0000FF00, 8);
    }

    // Exchanges the bits of a mask with those that lie `distance` above them.
    private static Vector512<uint> Swap(Vector512<uint> bits, uint mask, int distance)
    {
        var difference = (bits ^ bits >>> distance) & Vector512.Create(mask);
        return bits ^ difference ^ difference << distance;
    }

    // The same block of each row.
    private struct Rows(byte* first, nint rowBytes, int count)
    {
        public readonly int Count => count;

        public readonly byte* this[int row] => first + row * rowBytes;

        public void Skip(int bytes) => first += bytes;

        // Word i of a row goes to target[i][row]; lanes of missing rows stay as they are.
        public readonly void Gather(int offset, int words, uint* target)
        {
            for (int row = 0; row < count; row++)
            {
                byte* source = this[row] + offset;
                for (int i = 0; i < words; i++)
                    target[i * Lanes + row] = Unsafe.ReadUnaligned<uint>(source + 4 * i);
            }
        }

        public readonly void GatherHalves(int offset, ushort* target)
        {
            for (int row = 0; row < count; row++)
                target[row] = Unsafe.ReadUnaligned<ushort>(this[row] + offset);
        }
    }
}
