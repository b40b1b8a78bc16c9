using System.Runtime.Intrinsics;

namespace Ponder.Numerics.Panels.Tiles;

/// <summary>Stores finished sums.</summary>
internal static unsafe class TileSums
{
    private static readonly Vector512<int> Order = Vector512.Create(0, 1, 8, 9, 2, 3, 10, 11, 4, 5, 12, 13, 6, 7, 14, 15);

    /// <summary>Writes the sums of a panel in the order of outputs.</summary>
    /// <param name="sums">[rows, 16] in the order of columns.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="y">The panel's first output of the first row.</param>
    /// <param name="stride">Values from a row of y to the next.</param>
    /// <param name="outputs">Outputs to write, 1 to 16.</param>
    public static void Write(float* sums, int rows, float* y, nint stride, int outputs)
    {
        for (int row = 0; row < rows; row++, sums += PanelLayout.Columns, y += stride)
        {
            if (outputs == PanelLayout.Columns)
            {
                Vector512.Shuffle(Vector512.Load(sums), Order).Store(y);
                continue;
            }
            for (int i = 0; i < outputs; i++)
                y[i] = sums[TileFormat.Columns[i]];
        }
    }
}
