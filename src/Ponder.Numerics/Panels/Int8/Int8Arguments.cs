using System.Runtime.InteropServices;

namespace Ponder.Numerics.Panels.Int8;

/// <summary>
/// The argument of an int8 kernel. The kernel multiplies <see cref="Tiles"/> tiles one after the other; meanwhile it moves <see cref="Panel"/> and
/// <see cref="Y"/> on and counts <see cref="Tiles"/> down to 0, in this memory.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct Int8Arguments
{
    /// <summary>The first panel of the first tile.</summary>
    public byte* Panel;

    /// <summary>Bytes from a panel to the next.</summary>
    public long PanelBytes;

    /// <summary>Byte offsets of the planes in a panel, as in <see cref="PanelLayout"/>; D begins at 0.</summary>
    public long M, Sc, Mn, Q, H;

    /// <summary>The groups of the first row.</summary>
    public QuantizedGroup* Row;

    /// <summary>Bytes from a row of groups to the next.</summary>
    public long RowBytes;

    /// <summary>The first row's result of the first output; every row receives 16 values a panel.</summary>
    public float* Y;

    /// <summary>Bytes from a row of results to the next.</summary>
    public long YRowBytes;

    /// <summary>Entries of the D plane along K, 1 or more.</summary>
    public long Blocks;

    /// <summary>Memory that a later call will read: some lines of it are brought into L2 with each group.</summary>
    public byte* Ahead;

    /// <summary>Bytes by which <see cref="Ahead"/> moves on with each group: 64 times <see cref="Int8Kernel.LinesAhead"/>, or 0.</summary>
    public long AheadStep;

    /// <summary>Tiles, 1 or more.</summary>
    public long Tiles;

    /// <summary>What panels of a layout decide; rows, results and tiles are the caller's to add.</summary>
    public static Int8Arguments Of(PanelLayout layout, byte* panels) => new()
    {
        Panel = panels,
        PanelBytes = layout.Bytes,
        M = layout.M,
        Sc = layout.Sc,
        Mn = layout.Mn,
        Q = layout.Q,
        H = layout.H,
        RowBytes = RowQuantizer.RowBytes(layout.K),
        Blocks = layout.Scales,
    };

    /// <summary>Byte offset of a field.</summary>
    public static int Offset(string field) => (int)Marshal.OffsetOf<Int8Arguments>(field);
}
