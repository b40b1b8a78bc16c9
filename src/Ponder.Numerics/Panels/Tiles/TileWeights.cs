using System.Runtime.InteropServices;

namespace Ponder.Numerics.Panels.Tiles;

/// <summary>Decodes groups of a panel to B tiles, in plain code: what generated kernels must give bit for bit.</summary>
internal static unsafe class TileWeights
{
    /// <summary>Fills the tile of one group.</summary>
    /// <param name="layout">Of the panel.</param>
    /// <param name="panel">The panel.</param>
    /// <param name="group">0 to <see cref="PanelLayout.Groups"/>, exclusive.</param>
    /// <param name="tile">Receives [16 pairs of K][16 columns][2] bfloat16 values.</param>
    public static void Decode(PanelLayout layout, byte* panel, int group, ushort* tile)
    {
        if (layout.Kind.Bits == 16)
        {
            NativeMemory.Copy(panel + layout.Q + (long)group * TileFormat.Bytes, tile, TileFormat.Bytes);
            return;
        }
        for (int column = 0; column < PanelLayout.Columns; column++)
        {
            for (int k = 0; k < PanelLayout.GroupValues; k++)
            {
                float weight = Weight(layout, panel, TileFormat.Outputs[column], group * PanelLayout.GroupValues + k);
                tile[(k / 2 * PanelLayout.Columns + column) * 2 + k % 2] = TileRounding.Round(weight);
            }
        }
    }

    private static float Weight(PanelLayout layout, byte* panel, int output, int k)
    {
        var kind = layout.Kind;
        float lift = TileFormat.Lift(kind);
        float scale = PanelDecoder.Scale(layout, panel, output, k);
        float minimum = kind.HasMinimum ? PanelDecoder.Minimum(layout, panel, output, k) : 0;
        float origin = kind.HasMinimum
            ? MathF.FusedMultiplyAdd(scale, -lift, kind.SubtractsMinimum ? -minimum : minimum)
            : scale * -(lift + kind.Offset);
        return MathF.FusedMultiplyAdd(scale, lift + PanelDecoder.Code(layout, panel, output, k), origin);
    }
}
