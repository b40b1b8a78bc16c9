using Iced.Intel;

namespace Ponder.Numerics.Tests.Emulator;

/// <summary>What an instruction does to a processor.</summary>
internal delegate void Handler(Cpu cpu, Step step);

/// <summary>Where an operand lies.</summary>
internal enum Place
{
    General,
    Vector,
    Mask,
    Tile,
    Memory,
    Immediate,
    Branch,
    Unknown,
}

/// <summary>An operand, decoded.</summary>
/// <param name="Place">Where it lies.</param>
/// <param name="Number">Of the register.</param>
/// <param name="Bytes">Of the register or the access; 0 where the instruction alone does not say.</param>
internal readonly record struct Operand(Place Place, int Number, int Bytes);

/// <summary>An instruction, decoded once for all times that it runs.</summary>
internal sealed class Step
{
    private readonly Instruction _instruction;
    private readonly Operand[] _operands;
    private readonly int _base = -1, _index = -1;

    /// <param name="instruction">The instruction at its real address.</param>
    /// <param name="offset">Bytes from the beginning of the code.</param>
    public Step(in Instruction instruction, int offset)
    {
        _instruction = instruction;
        Offset = offset;
        _operands = new Operand[instruction.OpCount];
        for (int i = 0; i < _operands.Length; i++)
        {
            _operands[i] = Decode(i);
            if (_operands[i].Place == Place.Immediate)
                Immediate = instruction.GetImmediate(i);
        }
        MaskRegister = instruction.OpMask == Register.None ? 0 : instruction.OpMask - Register.K0;
        if (_operands.Any(operand => operand.Place == Place.Memory))
        {
            _base = Number(instruction.MemoryBase);
            _index = Number(instruction.MemoryIndex);
        }
        Handler = Check() is { } complaint
            ? (_, step) => throw new UnknownInstructionException(step, complaint)
            : InstructionTable.Find(instruction.Mnemonic);
    }

    public int Offset { get; }

    /// <summary>Offset of the instruction behind.</summary>
    public int End => Offset + _instruction.Length;

    /// <summary>Offset that a branch leads to.</summary>
    public int Target => Offset + (int)(_instruction.NearBranchTarget - _instruction.IP);

    public Handler Handler { get; }

    public Mnemonic Mnemonic => _instruction.Mnemonic;

    public int Count => _operands.Length;

    /// <summary>The last immediate operand, sign-extended.</summary>
    public ulong Immediate { get; }

    /// <summary>1 to 7, or 0 for none.</summary>
    public int MaskRegister { get; }

    public bool Zeroing => _instruction.ZeroingMasking;

    public bool Broadcast => _instruction.IsBroadcast;

    public bool PushesStack => _instruction.Mnemonic == Mnemonic.Push;

    public ConditionCode Condition => _instruction.ConditionCode;

    public Operand this[int operand] => _operands[operand];

    /// <summary>The effective address of the memory operand.</summary>
    public unsafe ulong Address(Cpu cpu) =>
        _instruction.MemoryDisplacement64 + (_base < 0 ? 0 : cpu.General[_base]) + Stride(cpu);

    /// <summary>Index times scale: for tiles the bytes from a row to the next.</summary>
    public unsafe ulong Stride(Cpu cpu) => _index < 0 ? 0 : cpu.General[_index] * (ulong)_instruction.MemoryIndexScale;

    /// <summary>As an assembler would have it.</summary>
    public override string ToString()
    {
        var text = new StringOutput();
        new NasmFormatter().Format(_instruction, text);
        return text.ToStringAndReset();
    }

    private Operand Decode(int index)
    {
        switch (_instruction.GetOpKind(index))
        {
            case OpKind.Register:
                var register = _instruction.GetOpRegister(index);
                var place = register.IsGPR() ? Place.General : register.IsVectorRegister() ? Place.Vector : register.IsTMM() ? Place.Tile : Place.Mask;
                return new(place, place == Place.General ? register.GetFullRegister().GetNumber() : register.GetNumber(), register.GetSize());
            case OpKind.Memory:
                return new(Place.Memory, 0, _instruction.MemorySize.GetSize());
            case OpKind.NearBranch64:
                return new(Place.Branch, 0, 0);
            case >= OpKind.Immediate8 and <= OpKind.Immediate32to64:
                return new(Place.Immediate, 0, 0);
            default:
                return new(Place.Unknown, 0, 0);
        }
    }

    private static int Number(Register register) => register is Register.None or Register.RIP ? -1 : register.GetNumber();

    // Forms that no generator wants, and that handlers therefore need not look for.
    private string? Check() =>
        _instruction.IsInvalid ? "is not an instruction."
        : _instruction.RoundingControl != RoundingControl.None || _instruction.SuppressAllExceptions ? "embedded rounding is not emulated."
        : _instruction.HasLockPrefix || _instruction.HasRepPrefix || _instruction.HasRepnePrefix ? "prefixes are not emulated."
        : Enumerable.Range(0, Count).Any(IsHighByte) ? "AH to BH are not emulated."
        : Enumerable.Range(0, Count).Any(IsOddRegister) || _operands.Any(operand => operand.Place == Place.Unknown) ? "its operands are not emulated."
        : _operands.Any(operand => operand.Place == Place.Memory) && !IsPlainAddress() ? "its kind of address is not emulated."
        : null;

    private bool IsHighByte(int operand) =>
        _operands[operand].Place == Place.General && _instruction.GetOpRegister(operand) is Register.AH or Register.BH or Register.CH or Register.DH;

    private bool IsOddRegister(int operand) =>
        _operands[operand].Place == Place.Mask && _instruction.GetOpRegister(operand) is < Register.K0 or > Register.K7;

    private bool IsPlainAddress() =>
        _instruction.SegmentPrefix == Register.None
        && (_instruction.MemoryBase is Register.None or Register.RIP || _instruction.MemoryBase.IsGPR64())
        && (_instruction.MemoryIndex == Register.None || _instruction.MemoryIndex.IsGPR64());
}
