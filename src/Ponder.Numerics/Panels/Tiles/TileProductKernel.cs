using Ponder.Numerics.CodeGen;
using static Iced.Intel.AssemblerRegisters;

namespace Ponder.Numerics.Panels.Tiles;

/// <summary>Adds the products of some groups to sums in memory, for all rows that have the configured shape.</summary>
/// <param name="K">Values of K in a row of activations.</param>
/// <param name="PanelBytes">Bytes from a panel's B tiles to the next panel's.</param>
/// <param name="Shape">Row tiles and panels that are multiplied at a time.</param>
/// <param name="FromMemory">True where B tiles come from memory rather than a cache: they are asked for in advance.</param>
internal sealed record TileProductKernel(int K, long PanelBytes, TileShape Shape, bool FromMemory) : IKernelSpec
{
    // A tile or two of one panel take as long as memory to answer.
    private const int TilesAhead = 4;

    /// <inheritdoc/>
    public string Name => $"amx-product-{K}-{PanelBytes}-{Shape.RowTiles}x{Shape.Panels}{(FromMemory ? "-memory" : "")}";

    /// <inheritdoc/>
    public byte[] Generate(CallingConvention convention)
    {
        var kernel = new KernelAssembler(convention);
        var c = kernel.Code;
        nint rowBytes = TileFormat.PreparedBytes(K);
        kernel.Begin();
        TileCode.Begin(c, rowBytes);
        c.mov(r14, TileCode.Argument(nameof(TileArguments.Rows)));
        c.mov(TileCode.Sums, TileCode.Argument(nameof(TileArguments.Sums)));
        c.mov(r15, TileCode.Argument(nameof(TileArguments.Repeats)));
        var nextRows = c.CreateLabel();
        c.Label(ref nextRows);
        TileCode.ForSums(Shape, c.tileloadd);
        c.mov(TileCode.Rows, r14);
        c.mov(TileCode.Weights, TileCode.Argument(nameof(TileArguments.Tiles)));
        c.mov(r13, TileCode.Argument(nameof(TileArguments.Groups)));
        var nextGroup = c.CreateLabel();
        c.Label(ref nextGroup);
        for (int offset = 0; FromMemory && offset < Shape.Panels * TileFormat.Bytes; offset += TileFormat.RowBytes)
            c.prefetcht0(__[TileCode.Weights + (offset / TileFormat.Bytes * PanelBytes + offset % TileFormat.Bytes + TilesAhead * TileFormat.Bytes)]);
        TileCode.Step(c, Shape, rowBytes, PanelBytes);
        c.add(TileCode.Rows, TileFormat.RowBytes);
        c.add(TileCode.Weights, TileFormat.Bytes);
        c.dec(r13);
        c.jne(nextGroup);
        TileCode.ForSums(Shape, (tile, sums) => c.tilestored(sums, tile));
        c.add(r14, (int)rowBytes * Shape.RowTiles * TileFormat.Rows);
        c.add(TileCode.Sums, Shape.RowTiles * TileFormat.Bytes);
        c.dec(r15);
        c.jne(nextRows);
        c.tilerelease();
        kernel.End();
        return kernel.Assemble();
    }
}
