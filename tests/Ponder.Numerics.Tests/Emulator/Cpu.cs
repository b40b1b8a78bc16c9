using Ponder.Numerics.Memory;

namespace Ponder.Numerics.Tests.Emulator;

/// <summary>The state of an emulated processor.</summary>
internal sealed unsafe class Cpu : IDisposable
{
    public const int Rcx = 1, Rsp = 4, Rdi = 7;
    public const int GeneralRegisters = 16, VectorRegisters = 32, MaskRegisters = 8, VectorBytes = 64;

    private readonly NativeBuffer<ulong> _general = new(GeneralRegisters), _masks = new(MaskRegisters);
    private readonly NativeBuffer<byte> _vectors = new(VectorRegisters * VectorBytes), _scratch = new(5 * VectorBytes);

    public ulong* General => _general.Pointer;

    public ulong* Masks => _masks.Pointer;

    public EmulatedMemory Memory { get; } = new();

    public TileState Tiles { get; } = new();

    /// <summary>Offset of the instruction that comes next; <see cref="Returned"/> after the kernel's end.</summary>
    public int Next { get; set; }

    public const int Returned = -1;

    public bool Carry { get; set; }

    public bool Zero { get; set; }

    public bool Sign { get; set; }

    public bool Overflow { get; set; }

    public bool Parity { get; set; }

    /// <summary>64 bytes of a vector register.</summary>
    public byte* Vector(int number) => _vectors.Pointer + number * VectorBytes;

    /// <summary>64 bytes for the result of an instruction until all of its sources are read.</summary>
    public byte* Result => _scratch.Pointer;

    /// <summary>64 bytes for the source operand of a number, where it does not lie in a register or in memory as it is wanted.</summary>
    public byte* Scratch(int operand) => _scratch.Pointer + (1 + operand) * VectorBytes;

    public void Dispose()
    {
        _general.Dispose();
        _masks.Dispose();
        _vectors.Dispose();
        _scratch.Dispose();
        Tiles.Dispose();
    }
}
