using System.Runtime.InteropServices;

namespace Ponder.Numerics.Panels.Tiles;

/// <summary>The argument of the tile kernels; each reads what it needs.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct TileArguments
{
    /// <summary>What <c>ldtilecfg</c> reads: palette, then at 16 the bytes of a row (16 bits each) and at 48 the rows of the eight tiles.</summary>
    public fixed byte Configuration[64];

    /// <summary>The first panel.</summary>
    public byte* Panel;

    /// <summary>B tiles: written by decoding, read by products.</summary>
    public byte* Tiles;

    /// <summary>Prepared activations.</summary>
    public byte* Rows;

    /// <summary>Sums, [panel][<see cref="TileBlocking.MaxRows"/>][16] float32.</summary>
    public float* Sums;

    /// <summary>The first group to decode.</summary>
    public long FirstGroup;

    /// <summary>Groups to decode or to multiply, 1 or more.</summary>
    public long Groups;

    /// <summary>Times that the configured rows are multiplied, each time the next ones.</summary>
    public long Repeats;

    /// <summary>
    /// Sets the shapes: tiles 0 to 3 hold the sums of row tile r and panel p (2r + p), 4 and 5 the activations of row tile r, 6 and 7 weights of panel p.
    /// </summary>
    /// <param name="rows">1 to 32.</param>
    public void Configure(int rows)
    {
        Configuration[0] = 1;
        int upper = Math.Min(rows, TileFormat.Rows);
        for (int panel = 0; panel < 2; panel++)
        {
            Shape(panel, upper);
            Shape(2 + panel, rows - upper);
            Shape(6 + panel, TileFormat.Rows);
        }
        Shape(4, upper);
        Shape(5, rows - upper);
    }

    private void Shape(int tile, int rows)
    {
        Configuration[16 + 2 * tile] = (byte)(rows == 0 ? 0 : TileFormat.RowBytes);
        Configuration[48 + tile] = (byte)rows;
    }
}
