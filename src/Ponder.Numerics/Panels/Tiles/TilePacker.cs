using Ponder.Numerics.Formats;
using Ponder.Numerics.Kernels;

namespace Ponder.Numerics.Panels.Tiles;

/// <summary>Brings rows of unquantized weights into panels of <see cref="PanelKind.BF16"/>: the tiles that AMX multiplies.</summary>
internal static unsafe class TilePacker
{
    /// <summary>
    /// True for formats that such panels hold: BF16 as it is but for subnormal numbers, which AMX takes for zero; F16 rounded to bfloat16, from 11 bits to 8.
    /// </summary>
    public static bool CanPack(NumberFormat format) => format.Name is "BF16" or "F16";

    /// <summary>Packs up to 16 rows of W into one panel; missing rows become outputs that are 0.</summary>
    /// <param name="layout">Of the panel, of kind <see cref="PanelKind.BF16"/>.</param>
    /// <param name="format">Of the rows: one for which <see cref="CanPack"/> holds.</param>
    /// <param name="rows">The first row.</param>
    /// <param name="rowBytes">Bytes from a row to the next.</param>
    /// <param name="count">Rows, 1 to 16.</param>
    /// <param name="panel">Receives <see cref="PanelLayout.Bytes"/> bytes.</param>
    public static void Pack(PanelLayout layout, NumberFormat format, byte* rows, nint rowBytes, int count, byte* panel)
    {
        const int Values = PanelLayout.GroupValues;
        float* values = stackalloc float[Values];
        ushort* rounded = stackalloc ushort[Values];
        for (int group = 0; group < layout.Groups; group++)
        {
            uint* tile = (uint*)(panel + layout.Q) + (long)group * (TileFormat.Bytes / 4);
            for (int column = 0; column < PanelLayout.Columns; column++)
            {
                int output = TileFormat.Outputs[column];
                if (output < count)
                {
                    format.DecodeBlocks(VectorWidths.Current, rows + output * rowBytes + (long)group * Values * 2, values, Values);
                    TileRounding.Round(values, Values, rounded);
                }
                else
                {
                    new Span<ushort>(rounded, Values).Clear();
                }
                for (int pair = 0; pair < TileFormat.Rows; pair++)
                    tile[pair * PanelLayout.Columns + column] = ((uint*)rounded)[pair];
            }
        }
    }
}
