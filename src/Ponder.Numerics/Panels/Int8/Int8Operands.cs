using Iced.Intel;
using Ponder.Numerics.CodeGen;
using static Iced.Intel.AssemblerRegisters;

namespace Ponder.Numerics.Panels.Int8;

/// <summary>The general registers of an int8 kernel, and what its instructions find in memory.</summary>
/// <param name="kernel">The tile.</param>
/// <param name="vectorBytes">Bytes of a vector register.</param>
/// <param name="together">Vectors of a slab.</param>
internal sealed class Int8Operands(Int8Kernel kernel, int vectorBytes, int together)
{
    public static readonly AssemblerRegister64 D = rax, M = rbx, Sc = rcx, Mn = rdx, Q = rsi, H = rbp;
    public static readonly AssemblerRegister64 RowStride = r9, PanelStride = r13, Ahead = r12, Group = r14, Block = r15;

    /// <summary>Every third row of the tile has a pointer; the two rows after it are one and two strides on.</summary>
    public static readonly AssemblerRegister64[] RowPointers = [r8, r10, r11];

    /// <summary>Vectors that hold a panel's 16 outputs.</summary>
    public int Halves { get; } = 64 / vectorBytes;

    /// <summary>Vectors of a row of the tile.</summary>
    public int RowVectors => kernel.Panels * Halves;

    /// <summary>Vectors of the tile.</summary>
    public int TileVectors => kernel.Rows * RowVectors;

    /// <summary>Bytes of the frame: a float32 sum for every result, and room for first halves where they wait in memory.</summary>
    public int FrameBytes => (TileVectors + (kernel.Kind.SubScales == 2 ? kernel.Rows * together : 0)) * vectorBytes;

    /// <summary>A field of <see cref="Int8Arguments"/>.</summary>
    public static AssemblerMemoryOperand Argument(string field) => __qword_ptr[KernelAssembler.Arguments + Int8Arguments.Offset(field)];

    /// <summary>A byte of the current group of a row of activations.</summary>
    public static AssemblerMemoryOperand Row(int row, int offset)
    {
        var pointer = RowPointers[row / 3];
        return (row % 3) switch
        {
            0 => __[pointer + offset],
            1 => __[pointer + RowStride + offset],
            _ => __[pointer + RowStride * 2 + offset],
        };
    }

    /// <summary>The float32 sums of a row and one of its vectors.</summary>
    public AssemblerMemoryOperand Slot(int row, int vector) => __[rsp + (row * RowVectors + vector) * vectorBytes];

    /// <summary>Where the first of two sub-blocks waits for the second.</summary>
    public AssemblerMemoryOperand FirstHalf(int row, int i) => __[rsp + (TileVectors + row * together + i) * vectorBytes];

    /// <summary>The number of a vector of a slab in its row of the tile.</summary>
    public int Vector(int slab, int i) => slab * together + i;

    /// <summary>The entries that a vector's outputs have in a plane.</summary>
    /// <param name="plane">The plane's pointer.</param>
    /// <param name="slab">Which slab.</param>
    /// <param name="i">Which of its vectors.</param>
    /// <param name="bytes">Bytes of an output in the plane: 4 for quads, 2 for float16, 1 for sub-scales.</param>
    /// <param name="offset">Byte offset from the plane's pointer.</param>
    public AssemblerMemoryOperand Outputs(AssemblerRegister64 plane, int slab, int i, int bytes, int offset)
    {
        int vector = Vector(slab, i);
        offset += vector % Halves * (PanelLayout.Columns / Halves) * bytes;
        return vector / Halves == 0 ? __[plane + offset] : __[plane + PanelStride + offset];
    }
}
