namespace Ponder.Numerics.Panels;

/// <summary>Brings rows of a weight matrix into panels.</summary>
internal static unsafe class PanelPacker
{
    /// <summary>Packs up to 16 rows of W into one panel; missing rows become outputs that are 0.</summary>
    /// <param name="layout">Of the panel; its kind has the name of the rows' format.</param>
    /// <param name="rows">The first row.</param>
    /// <param name="rowBytes">Bytes from a row to the next.</param>
    /// <param name="count">Rows, 1 to 16.</param>
    /// <param name="panel">Receives <see cref="PanelLayout.Bytes"/> bytes.</param>
    public static void Pack(PanelLayout layout, byte* rows, nint rowBytes, int count, byte* panel) => throw new NotImplementedException();
}
