using Ponder.Numerics.Formats;

namespace Ponder.Numerics.Panels.Tiles;

/// <summary>What AMX and its portable twin have in common: the weights they take and the form of activations.</summary>
internal abstract unsafe class TileNumbers : PanelRecipe
{
    /// <inheritdoc/>
    public override int PanelsPerTask => TileBlocking.MaxPanels;

    /// <inheritdoc/>
    public override PanelKind? KindOf(NumberFormat format) => TilePacker.CanPack(format) ? PanelKind.BF16 : base.KindOf(format);

    /// <inheritdoc/>
    public override void Pack(PanelLayout layout, NumberFormat format, byte* rows, nint rowBytes, int count, byte* panel)
    {
        if (layout.Kind == PanelKind.BF16)
            TilePacker.Pack(layout, format, rows, rowBytes, count, panel);
        else
            base.Pack(layout, format, rows, rowBytes, count, panel);
    }

    /// <inheritdoc/>
    public override nint RowBytes(int k) => TileFormat.PreparedBytes(k);

    /// <inheritdoc/>
    public override void Prepare(float* x, int rows, int k, byte* prepared) => TileRounding.RoundRows(x, rows, k, prepared);
}
