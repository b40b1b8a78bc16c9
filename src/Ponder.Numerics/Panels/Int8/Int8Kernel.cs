using Ponder.Numerics.CodeGen;

namespace Ponder.Numerics.Panels.Int8;

/// <summary>A generated int8 kernel: multiplies tiles of some rows of activations with some panels of weights.</summary>
/// <param name="Set">Avx512, AvxVnni or Avx2.</param>
/// <param name="Kind">Of the panels.</param>
/// <param name="Rows">Rows of a tile, 1 to <see cref="MostRows"/>.</param>
/// <param name="Panels">Panels of a tile, 1 to <see cref="MostPanels"/>.</param>
internal sealed record Int8Kernel(InstructionSet Set, PanelKind Kind, int Rows, int Panels) : IKernelSpec
{
    /// <inheritdoc/>
    public string Name => $"int8-{InstructionSets.NameOf(Set)}-{Kind.Name}-{Rows}x{Panels}";

    /// <inheritdoc/>
    public byte[] Generate(CallingConvention convention) => new Int8Generator(this, convention).Generate();

    /// <summary>No tile has more rows.</summary>
    public const int RowsLimit = 8;

    /// <summary>No tile has more panels.</summary>
    public const int PanelsLimit = 2;

    /// <summary>True where a tile is multiplied by half panels, one after the other, since the registers hold no more sums.</summary>
    public bool MultipliesHalves => Set == InstructionSet.Avx2;

    /// <summary>The largest tile's rows: what was fastest among those whose sums fit the registers.</summary>
    public static int MostRows(InstructionSet set, PanelKind kind) => (set, kind.Bits) switch
    {
        (InstructionSet.Avx512, _) => 6,
        (InstructionSet.AvxVnni, _) => 5,
        (_, 4) => RowsLimit,
        _ => 4,
    };

    /// <summary>The largest tile's panels.</summary>
    public static int MostPanels(InstructionSet set) => set == InstructionSet.Avx512 ? PanelsLimit : 1;

    /// <summary>Cache lines of the next panels that a group brings into L2: half of its own, so that two or three tiles of rows bring them all.</summary>
    public static int LinesAhead(PanelKind kind, int panels) => panels * kind.QuadVectors / 2;
}
