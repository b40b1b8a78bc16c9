using Ponder.Numerics.Kernels;

namespace Ponder.Numerics.CodeGen;

/// <summary>The instructions that generated kernels use, and with them the numeric recipe of quantized products.</summary>
public enum InstructionSet
{
    /// <summary>No generated code: weights are decoded to float32 and multiplied with portable vectors.</summary>
    Portable,

    /// <summary>AVX2: int8 activations, 256-bit integer products.</summary>
    Avx2,

    /// <summary>AVX-VNNI: int8 activations, 256-bit dot products of bytes.</summary>
    AvxVnni,

    /// <summary>AVX-512 VNNI: int8 activations, 512-bit dot products of bytes.</summary>
    Avx512,

    /// <summary>AMX: bfloat16 activations and weights, tiles of 16 rows by 16 columns.</summary>
    Amx,
}

/// <summary>Chooses the instruction set of this process, once.</summary>
public static class InstructionSets
{
    /// <summary>Environment variable that forces a path: <c>amx</c>, <c>avx512</c>, <c>avxvnni</c>, <c>avx2</c> or <c>portable</c>.</summary>
    public const string EnvironmentVariable = "PONDER_ISA";

    private static readonly Lazy<InstructionSet> Chosen = new(() => Choose(
        Environment.GetEnvironmentVariable(EnvironmentVariable), Environment.GetEnvironmentVariable(VectorWidths.EnvironmentVariable)));

    /// <summary>What runs here, plainest first; portable code always does.</summary>
    public static IReadOnlyList<InstructionSet> Available { get; } = Probe();

    /// <summary>
    /// The set in use: the best the machine has, unless <see cref="EnvironmentVariable"/> says otherwise. Forcing a vector width
    /// (<see cref="VectorWidths.EnvironmentVariable"/>) without it forces portable code.
    /// </summary>
    /// <exception cref="PonderException">The variable holds a name that is not known, or a set that the machine lacks.</exception>
    public static InstructionSet Current => Chosen.Value;

    /// <summary>The set that a user names.</summary>
    /// <param name="setting">The option or variable that names it, for the message.</param>
    /// <param name="name">As <see cref="NameOf"/> gives it, in any case.</param>
    /// <exception cref="PonderException">The name is not known, or the machine lacks the set.</exception>
    public static InstructionSet Require(string setting, string name)
    {
        foreach (var set in Enum.GetValues<InstructionSet>())
        {
            if (!NameOf(set).Equals(name, StringComparison.OrdinalIgnoreCase))
                continue;
            return Available.Contains(set)
                ? set
                : throw new PonderException($"{setting}={name}: this machine cannot run it (it has: {string.Join(", ", Available.Select(NameOf))}).");
        }
        throw new PonderException($"{setting}={name} is not known; use {string.Join(", ", Enum.GetValues<InstructionSet>().Reverse().Select(NameOf))}, or the bits of portable vectors.");
    }

    /// <summary>The name that <see cref="Require"/> knows a set by.</summary>
    public static string NameOf(InstructionSet set) => set switch
    {
        InstructionSet.Amx => "amx",
        InstructionSet.Avx512 => "avx512",
        InstructionSet.AvxVnni => "avxvnni",
        InstructionSet.Avx2 => "avx2",
        _ => "portable",
    };

    internal static InstructionSet Choose(string? forced, string? forcedWidth) =>
        !string.IsNullOrEmpty(forced) ? Require(EnvironmentVariable, forced)
        : !string.IsNullOrEmpty(forcedWidth) ? InstructionSet.Portable
        : Available[^1];

    private static List<InstructionSet> Probe()
    {
        List<InstructionSet> sets = [InstructionSet.Portable];
        if (CpuFeatures.Avx2) sets.Add(InstructionSet.Avx2);
        if (CpuFeatures.AvxVnni) sets.Add(InstructionSet.AvxVnni);
        if (CpuFeatures.Avx512Vnni) sets.Add(InstructionSet.Avx512);
        if (CpuFeatures.Amx) sets.Add(InstructionSet.Amx);
        return sets;
    }
}
