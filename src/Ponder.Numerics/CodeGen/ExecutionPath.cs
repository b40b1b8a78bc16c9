using Ponder.Numerics.Kernels;

namespace Ponder.Numerics.CodeGen;

/// <summary>How kernels compute: the instructions of generated products, and the vectors of everything portable.</summary>
/// <param name="Instructions">Of products with quantized weights; <see cref="InstructionSet.Portable"/> computes them in float32.</param>
/// <param name="Width">Vectors of portable kernels: norms, attention, activations, products in float32.</param>
public readonly record struct ExecutionPath(InstructionSet Instructions, VectorWidth Width)
{
    /// <summary>The path of this process: the best of this machine, or what the environment forces.</summary>
    /// <exception cref="PonderException">The environment names something that is not known, or that the machine lacks.</exception>
    public static ExecutionPath Current => Of(InstructionSets.Current);

    /// <summary>All paths that run here, by the names that <see cref="Require"/> knows; the best first.</summary>
    public static IEnumerable<string> Names =>
        InstructionSets.Available.Reverse().Select(InstructionSets.NameOf).Concat(VectorWidths.Available.Reverse().Select(VectorWidths.NameOf));

    /// <summary>The same vectors with products in float32.</summary>
    public ExecutionPath Exact => this with { Instructions = InstructionSet.Portable };

    /// <summary>The name that <see cref="Require"/> knows the path by.</summary>
    public string Name =>
        Instructions != InstructionSet.Portable || Width == VectorWidths.Available[^1] ? InstructionSets.NameOf(Instructions) : VectorWidths.NameOf(Width);

    /// <summary>The path of an instruction set: its products, and vectors no wider than its own.</summary>
    public static ExecutionPath Of(InstructionSet instructions)
    {
        var width = VectorWidths.Current;
        return new ExecutionPath(instructions, instructions is InstructionSet.Avx2 or InstructionSet.AvxVnni && width > VectorWidth.V256 ? VectorWidth.V256 : width);
    }

    /// <summary>Portable code in vectors of one width.</summary>
    public static ExecutionPath Portable(VectorWidth width) => new(InstructionSet.Portable, width);

    /// <summary>The path that a user names.</summary>
    /// <param name="setting">The option that names it, for the message.</param>
    /// <param name="name">An instruction set (<c>amx</c>, <c>avx512</c>, <c>avxvnni</c>, <c>avx2</c>, <c>portable</c>), or the width of portable vectors (<c>512</c>, <c>256</c>, <c>128</c>, <c>scalar</c>).</param>
    /// <exception cref="PonderException">The name is not known, or the machine lacks it.</exception>
    public static ExecutionPath Require(string setting, string name)
    {
        bool isWidth = Enum.GetValues<VectorWidth>().Any(width => VectorWidths.NameOf(width).Equals(name, StringComparison.OrdinalIgnoreCase));
        return isWidth ? Portable(VectorWidths.Require(setting, name)) : Of(InstructionSets.Require(setting, name));
    }

    /// <summary>The name; that of a record would show the exact path of the exact path, without end.</summary>
    public override string ToString() => Name;

    /// <summary>True where this machine can compute so.</summary>
    public bool IsAvailable => InstructionSets.Available.Contains(Instructions) && VectorWidths.Available.Contains(Width);
}
