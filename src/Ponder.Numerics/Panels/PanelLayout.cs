namespace Ponder.Numerics.Panels;

/// <summary>
/// How quantized weights lie after repacking, for every instruction set alike. A panel holds <see cref="Columns"/> outputs (rows of W, columns of the
/// product) over all of K. It is a sequence of planes, each of which begins at a multiple of 64 bytes; a plane runs over K in groups of
/// <see cref="GroupValues"/>. In the planes of values a 32-bit lane is an output and holds four neighbouring values of K ("a quad"), so that one vector of
/// 64 bytes is a quad of all 16 outputs, a half of it a quad of eight, and no kernel needs a horizontal sum.
/// </summary>
/// <remarks>
/// Planes in this order; those that a kind does not have take no room. G = K / 32 groups, S = K / 256 super-blocks.
/// <code>
/// D   float16 [G or S][16]      scale of a group; for K-quants of a super-block
/// M   float16 [G or S][16]      minimum (Q4_1, Q5_1: added; Q4_K, Q5_K: subtracted)
/// SC  bytes   [G or 2G][16]     K-quants: scale of a group of 32, unsigned; Q6_K: of 16 values, signed
/// MN  bytes   [G][16]           Q4_K, Q5_K: minimum of a group, unsigned
/// Q   bytes   [G][8 or 4][64]   8-bit values: quad i in vector i. 4-bit values: vector i holds quad i in the low nibbles and quad i + 4 in the high ones
/// H   bytes   [G][1 or 2][64]   5-bit kinds: bit i of a byte is bit 4 of its value in quad i. 6-bit: vector v, bits 2i and 2i + 1 are bits 4 and 5 in quad 4v + i
/// </code>
/// Values are unsigned: the value that the format means plus <see cref="PanelKind.Offset"/>. <see cref="PanelKind.BF16"/> is the exception: its Q plane
/// holds the tiles of AMX as they are, a vector for each pair of values of K (<see cref="Tiles.TileFormat"/>).
/// </remarks>
internal readonly record struct PanelLayout(PanelKind Kind, int K)
{
    /// <summary>Outputs of a panel.</summary>
    public const int Columns = 16;

    /// <summary>Values of K in a group: as many as share a scale of the activations.</summary>
    public const int GroupValues = 32;

    /// <summary>Groups along K.</summary>
    public int Groups => K / GroupValues;

    /// <summary>Entries of the D and M planes along K.</summary>
    public int Scales => Kind.ScaleValues == 0 ? 0 : K / Kind.ScaleValues;

    /// <summary>Byte offset of the D plane in a panel: 0.</summary>
    public static long D => 0;

    /// <summary>Byte offset of the M plane.</summary>
    public long M => Aligned(Scales * 32L);

    /// <summary>Byte offset of the SC plane.</summary>
    public long Sc => M + (Kind.HasMinimum ? Aligned(Scales * 32L) : 0);

    /// <summary>Byte offset of the MN plane.</summary>
    public long Mn => Sc + Aligned(Groups * (long)Kind.SubScales * Columns);

    /// <summary>Byte offset of the Q plane.</summary>
    public long Q => Mn + (Kind.SubScales > 0 && Kind.HasMinimum ? Aligned(Groups * (long)Columns) : 0);

    /// <summary>Byte offset of the H plane.</summary>
    public long H => Q + Groups * (long)Kind.QuadVectors * 64;

    /// <summary>Bytes of a panel, a multiple of 64.</summary>
    public long Bytes => H + Groups * (long)Kind.HighVectors * 64;

    private static long Aligned(long bytes) => (bytes + 63) / 64 * 64;
}

/// <summary>What distinguishes the panels of one number format from those of another.</summary>
/// <param name="Name">The number format, as in <c>Q4_K</c>.</param>
/// <param name="Bits">Bits of a value: 8, 4, 5 or 6; 16 for bfloat16.</param>
/// <param name="Offset">What was added to make values unsigned: 0, 8, 16, 32 or 128.</param>
/// <param name="ScaleValues">Values of K that share an entry of D: 32, or 256 for K-quants; 0 without scales.</param>
/// <param name="SubScales">Entries of SC in a group of 32: 0, 1 or 2.</param>
/// <param name="HasMinimum">True if the weight is scale times value plus or minus a minimum.</param>
internal sealed record PanelKind(string Name, int Bits, int Offset, int ScaleValues, int SubScales, bool HasMinimum)
{
    public static readonly PanelKind Q8_0 = new("Q8_0", 8, 128, 32, 0, false);
    public static readonly PanelKind Q4_0 = new("Q4_0", 4, 8, 32, 0, false);
    public static readonly PanelKind Q4_1 = new("Q4_1", 4, 0, 32, 0, true);
    public static readonly PanelKind Q5_0 = new("Q5_0", 5, 16, 32, 0, false);
    public static readonly PanelKind Q5_1 = new("Q5_1", 5, 0, 32, 0, true);
    public static readonly PanelKind Q4_K = new("Q4_K", 4, 0, 256, 1, true);
    public static readonly PanelKind Q5_K = new("Q5_K", 5, 0, 256, 1, true);
    public static readonly PanelKind Q6_K = new("Q6_K", 6, 32, 256, 2, false);

    /// <summary>Unquantized weights as tiles of AMX, which alone can multiply them; float16 is rounded to bfloat16. See <see cref="Tiles.TilePacker"/>.</summary>
    public static readonly PanelKind BF16 = new("BF16", 16, 0, 0, 0, false);

    /// <summary>All quantized kinds.</summary>
    public static IReadOnlyList<PanelKind> All { get; } = [Q8_0, Q4_0, Q4_1, Q5_0, Q5_1, Q4_K, Q5_K, Q6_K];

    /// <summary>Vectors of 64 bytes that a group has in the Q plane.</summary>
    public int QuadVectors => Bits switch { 16 => 16, 8 => 8, _ => 4 };

    /// <summary>Vectors of 64 bytes that a group has in the H plane.</summary>
    public int HighVectors => Bits switch { 5 => 1, 6 => 2, _ => 0 };

    /// <summary>True where the minimum is subtracted (K-quants); elsewhere it is added.</summary>
    public bool SubtractsMinimum => SubScales > 0;
}
