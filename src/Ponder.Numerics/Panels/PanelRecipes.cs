using Ponder.Numerics.CodeGen;
using Ponder.Numerics.Panels.Int8;
using Ponder.Numerics.Panels.Tiles;

namespace Ponder.Numerics.Panels;

/// <summary>The table from instruction set to recipe.</summary>
internal static class PanelRecipes
{
    /// <summary>The recipe of an instruction set; null where weights are decoded to float32 instead.</summary>
    public static PanelRecipe? Of(InstructionSet instructions) => instructions switch
    {
        InstructionSet.Avx2 or InstructionSet.AvxVnni or InstructionSet.Avx512 => new Int8Recipe(instructions),
        InstructionSet.Amx => new TileRecipe(),
        _ => null,
    };
}
