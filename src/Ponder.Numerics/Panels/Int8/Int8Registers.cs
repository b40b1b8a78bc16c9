using Ponder.Numerics.CodeGen;

namespace Ponder.Numerics.Panels.Int8;

/// <summary>What the vector registers of an int8 kernel hold. Sums count from 0 up, constants from the last register down.</summary>
internal sealed class Int8Registers
{
    private readonly int _count;
    private readonly bool _folds, _narrow;

    /// <summary>Assigns them.</summary>
    /// <param name="kernel">The tile.</param>
    /// <param name="count">Registers of the machine.</param>
    /// <param name="together">Vectors of outputs that are multiplied at the same time, 1 or 2.</param>
    /// <exception cref="InvalidOperationException">The tile needs more registers than there are.</exception>
    public Int8Registers(Int8Kernel kernel, int count, int together)
    {
        var kind = kernel.Kind;
        bool multiplies16 = kernel.Set == InstructionSet.Avx2;
        Together = together;
        SplitsBytes = multiplies16 && kind.Bits == 8;
        _count = kernel.Rows * together;
        _folds = kind.SubScales == 2 && kernel.Set == InstructionSet.Avx512;
        _narrow = multiplies16 && kind.Bits != 4;
        int next = _count * (1 + (_folds ? 1 : 0) + (_narrow ? 1 : 0));
        Weights = [next, next + 1];
        High = next + 2;
        Broadcast = next + 3;
        int last = count;
        var constants = new List<(int, uint)>();
        int Constant(uint value)
        {
            constants.Add((--last, value));
            return last;
        }
        if (kind.Bits != 8 || SplitsBytes)
            NibbleMask = Constant(0x0F0F0F0F);
        if (kind.HighVectors > 0)
            HighMask = Constant(kind.Bits == 5 ? 0x10101010u : 0x30303030u);
        if (multiplies16)
            Ones = Constant(0x00010001);
        if (SplitsBytes)
            Sixteens = Constant(0x00100010);
        Constants = constants;
        if (last <= Broadcast)
            throw new InvalidOperationException($"{kernel.Name} needs more than {count} registers.");
    }

    /// <summary>Vectors of a slab.</summary>
    public int Together { get; }

    /// <summary>True where 8-bit values are multiplied as two nibbles.</summary>
    public bool SplitsBytes { get; }

    /// <summary>Registers and the 32 bits that each of their lanes holds throughout.</summary>
    public IReadOnlyList<(int Register, uint Value)> Constants { get; }

    /// <summary>Four unsigned bytes of each output, for the vectors of a slab.</summary>
    public int[] Weights { get; }

    /// <summary>High nibbles of 8-bit values, where a slab is one vector.</summary>
    public int UpperWeights => Weights[1];

    /// <summary>Upper bits of 5- and 6-bit values.</summary>
    public int High { get; }

    /// <summary>Four activations of a row in all lanes.</summary>
    public int Broadcast { get; }

    /// <summary>The low nibble of each byte.</summary>
    public int NibbleMask { get; }

    /// <summary>The upper bits of 5- and 6-bit values, in place above their nibbles.</summary>
    public int HighMask { get; }

    /// <summary>1 in 16-bit lanes.</summary>
    public int Ones { get; }

    /// <summary>16 in 16-bit lanes.</summary>
    public int Sixteens { get; }

    /// <summary>32-bit sums of a row and a vector of the slab.</summary>
    public int Sum(int row, int i) => row * Together + i;

    /// <summary>Where the first of two sub-blocks waits for the second; null where that is memory, for want of registers.</summary>
    public int? FirstHalf(int row, int i) => _folds ? _count + Sum(row, i) : null;

    /// <summary>16-bit sums; of the high nibbles, where bytes are split. The same as <see cref="Sum"/> for 4-bit values.</summary>
    public int Narrow(int row, int i) => Sum(row, i) + (_narrow ? _count : 0);
}
