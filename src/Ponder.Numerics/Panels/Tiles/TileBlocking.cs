namespace Ponder.Numerics.Panels.Tiles;

/// <summary>
/// How many rows, panels and values of K are multiplied together, so that what is read again is in a near cache. Sums go through memory between blocks of
/// K, which changes no bit of them.
/// </summary>
/// <remarks>
/// Chosen for 48 KB of L1 and 2 MB of L2 cache. A step of 2 by 2 tiles takes 64 cycles and reads 4 KB; half of it should come from L1: the tiles of
/// <see cref="DecodedGroups"/> groups of two panels (16 KB) stay there beside the rows' 16 KB. The activations of <see cref="MaxRows"/> rows and
/// <see cref="BlockGroups"/> groups (512 KB) and the sums of <see cref="MaxPanels"/> panels (512 KB) stay in L2.
/// </remarks>
internal static class TileBlocking
{
    /// <summary>Up to so many rows, two tiles, weights are decoded and multiplied in one pass.</summary>
    public const int StreamRows = 2 * TileFormat.Rows;

    /// <summary>Rows of a block.</summary>
    public const int MaxRows = 512;

    /// <summary>Panels of a block.</summary>
    public const int MaxPanels = 16;

    /// <summary>Groups of K in a block.</summary>
    public const int BlockGroups = 16;

    /// <summary>Groups that are decoded at a time: a super-block of the K-quants.</summary>
    public const int DecodedGroups = 8;

    /// <summary>Bytes of a panel's decoded tiles.</summary>
    public const int DecodedBytes = DecodedGroups * TileFormat.Bytes;

    /// <summary>Bytes of a panel's sums.</summary>
    public const int SumBytes = MaxRows * TileFormat.RowBytes;

    /// <summary>Bytes of scratch: decoded tiles of two panels, and sums.</summary>
    public const int ScratchBytes = 2 * DecodedBytes + MaxPanels * SumBytes;
}
