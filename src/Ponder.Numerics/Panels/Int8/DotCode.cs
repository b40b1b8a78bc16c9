using Iced.Intel;
using Ponder.Numerics.CodeGen;

namespace Ponder.Numerics.Panels.Int8;

/// <summary>
/// The integer products of a sub-block of a group: each value of <see cref="Int8Registers.Sum"/> becomes the exact sum of weight times activation, offset
/// taken off. Both ways give the same integers.
/// </summary>
internal abstract class DotCode(Int8Kernel kernel, VectorCode vector, Int8Registers registers, Func<int, int, AssemblerMemoryOperand> row)
{
    protected Int8Kernel Kernel => kernel;

    protected VectorCode Vector => vector;

    protected Int8Registers Registers => registers;

    /// <summary>The way of an instruction set.</summary>
    public static DotCode Of(Int8Kernel kernel, VectorCode vector, Int8Registers registers, Func<int, int, AssemblerMemoryOperand> row) =>
        kernel.Set == InstructionSet.Avx2 ? new PairwiseDots(kernel, vector, registers, row) : new FourfoldDots(kernel, vector, registers, row);

    /// <summary>Before the first quad.</summary>
    /// <param name="sub">0, or 1 for the second sub-block of a group.</param>
    public virtual void Begin(int sub)
    {
    }

    /// <summary>Adds the products of one quad.</summary>
    /// <param name="row">Whose activations are in <see cref="Int8Registers.Broadcast"/>.</param>
    /// <param name="i">The vector of the slab.</param>
    /// <param name="quad">Of the sub-block, from 0.</param>
    public abstract void Add(int row, int i, int quad);

    /// <summary>After the last quad.</summary>
    /// <param name="sub">As for <see cref="Begin"/>.</param>
    public virtual void Finish(int sub)
    {
    }

    /// <summary>The number that makes up for the weights' offset, or null where they have none.</summary>
    protected AssemblerMemoryOperand? Start(int rowIndex, int sub) =>
        QuantizedGroup.StartOffset(kernel.Kind, sub == 1) is { } offset ? row(rowIndex, offset) : null;
}

/// <summary>VNNI: four products and their sum in one instruction, straight into 32 bits.</summary>
internal sealed class FourfoldDots(Int8Kernel kernel, VectorCode vector, Int8Registers registers, Func<int, int, AssemblerMemoryOperand> row)
    : DotCode(kernel, vector, registers, row)
{
    /// <inheritdoc/>
    public override void Begin(int sub)
    {
        for (int r = 0; r < Kernel.Rows; r++)
        {
            for (int i = 0; i < Registers.Together; i++)
            {
                if (Start(r, sub) is { } start)
                    Vector.BroadcastInt32(Registers.Sum(r, i), start);
                else
                    Vector.Zero(Registers.Sum(r, i));
            }
        }
    }

    /// <inheritdoc/>
    public override void Add(int row, int i, int quad) =>
        Vector.DotBytes(Registers.Sum(row, i), Registers.Weights[i], Registers.Broadcast);
}

/// <summary>
/// AVX2: two products and their sum in 16 bits, and as many of these added as can never leave the range (two products of a nibble are at most 3,810 in
/// magnitude, of five bits 7,874, of six 16,002: eight, four and two steps), then pairs of them in 32 bits. 8-bit values go as two nibbles.
/// </summary>
internal sealed class PairwiseDots(Int8Kernel kernel, VectorCode vector, Int8Registers registers, Func<int, int, AssemblerMemoryOperand> row)
    : DotCode(kernel, vector, registers, row)
{
    private int Steps => Kernel.Kind.Bits switch { 5 => 4, 6 => 2, _ => 8 };

    /// <inheritdoc/>
    public override void Add(int row, int i, int quad)
    {
        int sum = Registers.Sum(row, i), narrow = Registers.Narrow(row, i), activations = Registers.Broadcast;
        bool first = quad % Steps == 0;
        if (Registers.SplitsBytes)
        {
            // The scratch register of upper bits is free: no 8-bit kind has any.
            AddPairs(sum, Registers.Weights[i], activations, first, Registers.High);
            AddPairs(narrow, Registers.UpperWeights, activations, first, Registers.High);
            return;
        }
        AddPairs(narrow, Registers.Weights[i], activations, first, activations);
        if ((quad + 1) % Steps != 0 || narrow == sum)
            return;
        bool firstFold = quad < Steps;
        Vector.MultiplyInt16(firstFold ? sum : narrow, narrow, Registers.Ones);
        if (!firstFold)
            Vector.AddInt32(sum, sum, narrow);
    }

    /// <inheritdoc/>
    public override void Finish(int sub)
    {
        for (int r = 0; r < Kernel.Rows; r++)
        {
            for (int i = 0; i < Registers.Together; i++)
            {
                int sum = Registers.Sum(r, i), narrow = Registers.Narrow(r, i);
                if (Registers.SplitsBytes || narrow == sum)
                    Vector.MultiplyInt16(sum, sum, Registers.Ones);
                if (Registers.SplitsBytes)
                {
                    Vector.MultiplyInt16(narrow, narrow, Registers.Sixteens);
                    Vector.AddInt32(sum, sum, narrow);
                }
                if (Start(r, sub) is not { } start)
                    continue;
                Vector.BroadcastInt32(Registers.Broadcast, start);
                Vector.AddInt32(sum, sum, Registers.Broadcast);
            }
        }
    }

    // The scratch register may be that of the activations, after whose last use it is.
    private void AddPairs(int sum, int weights, int activations, bool first, int scratch)
    {
        if (first)
        {
            Vector.MultiplyBytes(sum, weights, activations);
            return;
        }
        Vector.MultiplyBytes(scratch, weights, activations);
        Vector.AddInt16(sum, sum, scratch);
    }
}
