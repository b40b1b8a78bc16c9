using Iced.Intel;

namespace Ponder.Numerics.Tests.Emulator;

/// <summary>What the emulator knows: a handler for every instruction that generated code uses.</summary>
internal static class InstructionTable
{
    private static readonly Dictionary<Mnemonic, Handler> Handlers = Build();

    /// <summary>All instructions of the table.</summary>
    public static IReadOnlyCollection<Mnemonic> Known => Handlers.Keys;

    public static Handler Find(Mnemonic mnemonic) =>
        Handlers.GetValueOrDefault(mnemonic) ?? ((_, step) => throw new UnknownInstructionException(step, "is not emulated."));

    private static Dictionary<Mnemonic, Handler> Build()
    {
        Dictionary<Mnemonic, Handler> table = [];
        Branches.Add(table);
        GeneralOps.Add(table);
        VectorMoves.Add(table);
        IntegerOps.Add(table);
        FloatOps.Add(table);
        Conversions.Add(table);
        Permutes.Add(table);
        MaskOps.Add(table);
        TileOps.Add(table);
        return table;
    }
}
