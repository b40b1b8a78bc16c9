using Ponder.Numerics.CodeGen;
using static Iced.Intel.AssemblerRegisters;

namespace Ponder.Numerics.Panels.Tiles;

/// <summary>
/// Decodes one or two panels and multiplies them with few rows in one pass over K; leaves the sums in memory. What the vector units decode in one turn
/// is multiplied two turns later, so that both work at the same time and no tile is loaded before its bytes have reached the cache.
/// </summary>
internal sealed record TileStreamKernel(PanelLayout Layout, TileShape Shape) : IKernelSpec
{
    private const int Lead = 2, Slots = 4;

    /// <summary>Bytes from a panel's ring of tiles to the next panel's.</summary>
    private const int RingBytes = Slots * TileFormat.Bytes;

    /// <inheritdoc/>
    public string Name => $"amx-stream-{Layout.Kind.Name}-{Layout.K}-{Shape.RowTiles}x{Shape.Panels}";

    /// <inheritdoc/>
    public byte[] Generate(CallingConvention convention)
    {
        var kernel = new KernelAssembler(convention);
        var c = kernel.Code;
        var decoding = new TileDecoding(c, Layout);
        nint rowBytes = TileFormat.PreparedBytes(Layout.K);
        kernel.Begin(frame: 64);
        TileCode.Begin(c, rowBytes);
        decoding.Constants();
        c.mov(TileCode.Panel, TileCode.Argument(nameof(TileArguments.Panel)));
        c.mov(TileCode.Rows, TileCode.Argument(nameof(TileArguments.Rows)));
        c.mov(TileCode.Sums, TileCode.Argument(nameof(TileArguments.Sums)));
        TileCode.ForSums(Shape, (tile, _) => c.tilezero(tile));
        c.mov(ebx, 0);

        var turn = c.CreateLabel();
        var decoded = c.CreateLabel();
        var multiplied = c.CreateLabel();
        c.Label(ref turn);
        c.cmp(TileCode.Group, Layout.Groups);
        c.jae(decoded);
        Slot(TileCode.Decoded, 0);
        for (int p = 0; p < Shape.Panels; p++)
            decoding.Group(p * Layout.Bytes, p * RingBytes);
        c.Label(ref decoded);
        c.cmp(TileCode.Group, Lead);
        c.jb(multiplied);
        Slot(TileCode.Weights, Lead);
        TileCode.Step(c, Shape, rowBytes, RingBytes);
        c.add(TileCode.Rows, TileFormat.RowBytes);
        c.Label(ref multiplied);
        c.inc(TileCode.Group);
        c.cmp(TileCode.Group, Layout.Groups + Lead);
        c.jb(turn);

        TileCode.ForSums(Shape, (tile, sums) => c.tilestored(sums, tile));
        c.tilerelease();
        kernel.End();
        return kernel.Assemble();

        // The slot of the group that was decoded some turns ago.
        void Slot(Iced.Intel.AssemblerRegister64 slot, int ago)
        {
            c.lea(slot, __[TileCode.Group - ago]);
            c.and(slot, Slots - 1);
            c.shl(slot, (byte)int.Log2(TileFormat.Bytes));
            c.add(slot, TileCode.Argument(nameof(TileArguments.Tiles)));
        }
    }
}
