using System.Buffers.Binary;
using Ponder.Numerics.Formats;
using Ponder.Numerics.Memory;
using Ponder.Numerics.Panels;

namespace Ponder.Numerics.Tests.Panels;

/// <summary>Weights for panel tests: as a number format stores them, and packed.</summary>
internal static unsafe class PanelSamples
{
    public static TheoryData<string> KindNames => [.. PanelKind.All.Select(kind => kind.Name)];

    public static PanelKind KindOf(string name) => PanelKind.All.Single(kind => kind.Name == name);

    /// <summary>Rows of random bits, every code and sub-scale among them; scales and minimums are moderate float16 numbers of both signs.</summary>
    public static byte[] RandomBlocks(Random random, NumberFormat format, int values)
    {
        byte[] blocks = new byte[format.BytesOf(values)];
        random.NextBytes(blocks);
        for (int block = 0; block < blocks.Length; block += format.BlockBytes)
        {
            foreach (int half in Halves(format))
                BinaryPrimitives.WriteHalfLittleEndian(blocks.AsSpan(block + half), (Half)(random.NextDouble() * 0.2 - 0.1));
        }
        return blocks;
    }

    /// <summary>Sets every byte of blocks but for their scales and minimums in float16.</summary>
    public static void FillCodes(NumberFormat format, byte[] blocks, byte bits)
    {
        for (int i = 0; i < blocks.Length; i++)
        {
            if (!Halves(format).Contains(i % format.BlockBytes & ~1))
                blocks[i] = bits;
        }
    }

    /// <summary>All panels of rows of blocks.</summary>
    public static NativeBuffer<byte> Pack(PanelLayout layout, byte[] blocks, int rows)
    {
        int rowBytes = blocks.Length / rows, panels = (rows + PanelLayout.Columns - 1) / PanelLayout.Columns;
        var packed = new NativeBuffer<byte>(panels * layout.Bytes);
        packed.Span.Fill(0xA5);
        fixed (byte* source = blocks)
        {
            for (int p = 0; p < panels; p++)
            {
                int first = p * PanelLayout.Columns, count = Math.Min(PanelLayout.Columns, rows - first);
                PanelPacker.Pack(layout, source + first * rowBytes, rowBytes, count, packed.Pointer + p * layout.Bytes);
            }
        }
        return packed;
    }

    // Where the float16 numbers of a block are.
    private static int[] Halves(NumberFormat format) => format.Name switch
    {
        "Q6_K" => [208],
        "Q8_0" or "Q4_0" or "Q5_0" => [0],
        _ => [0, 2],
    };
}
