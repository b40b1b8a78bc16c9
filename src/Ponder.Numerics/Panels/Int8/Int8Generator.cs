using Iced.Intel;
using Ponder.Numerics.CodeGen;
using static Iced.Intel.AssemblerRegisters;
using static Ponder.Numerics.Panels.Int8.Int8Operands;

namespace Ponder.Numerics.Panels.Int8;

/// <summary>
/// Writes the code of an <see cref="Int8Kernel"/>. A tile's float32 sums lie in the frame; integer sums of a group of 32 values are in registers. Vectors
/// that are multiplied at the same time ("a slab") are all of a tile or, where registers are short, half a panel.
/// </summary>
internal sealed class Int8Generator
{
    private const int GroupsOfSuperBlock = 8;

    // Measured at one row of 2048 on Zen 5: 37, 31 and 30 GB/s of Q8_0, Q4_K and Q6_K against 34, 25 and 20 without; 2 to 4 KB do the same.
    private const int PrefetchDistance = 3072;

    private readonly Int8Kernel _kernel;
    private readonly PanelKind _kind;
    private readonly KernelAssembler _frame;
    private readonly Assembler _code;
    private readonly VectorCode _vector;
    private readonly Int8Registers _registers;
    private readonly Int8Operands _at;
    private readonly int _slabs;

    public Int8Generator(Int8Kernel kernel, CallingConvention convention)
    {
        _kernel = kernel;
        _kind = kernel.Kind;
        _frame = new KernelAssembler(convention);
        _code = _frame.Code;
        bool wide = kernel.Set == InstructionSet.Avx512;
        _vector = new VectorCode(_code, wide);
        int vectors = kernel.Panels * 64 / _vector.Bytes;
        _slabs = kernel.MultipliesHalves ? vectors : 1;
        _registers = new Int8Registers(kernel, _vector.Registers, vectors / _slabs);
        _at = new Int8Operands(kernel, _vector.Bytes, vectors / _slabs);
    }

    private int SubBlocks => Math.Max(1, _kind.SubScales);

    private bool IsSuperBlocked => _kind.SubScales > 0;

    /// <summary>The machine code.</summary>
    public byte[] Generate()
    {
        _frame.Begin(_at.FrameBytes);
        foreach (var (register, value) in _registers.Constants)
        {
            _code.mov(__dword_ptr[rsp], value);
            _vector.BroadcastInt32(register, __[rsp]);
        }
        _code.mov(RowStride, Argument(nameof(Int8Arguments.RowBytes)));
        _code.mov(PanelStride, Argument(nameof(Int8Arguments.PanelBytes)));
        var tile = _code.CreateLabel();
        _code.Label(ref tile);
        StartTile();
        Loop(Block, Argument(nameof(Int8Arguments.Blocks)), OneBlock);
        StoreTile();
        _code.sub(Argument(nameof(Int8Arguments.Tiles)), 1);
        _code.jne(tile);
        _frame.End();
        return _frame.Assemble();
    }

    private void StartTile()
    {
        // Results that are far when they are stored would hold up the stores of sums behind them.
        EachRowOfResults(_ =>
        {
            for (int panel = 0; panel < _kernel.Panels; panel++)
                _code.prefetcht0(__[D + panel * PanelLayout.Columns * sizeof(float)]);
        });
        _code.mov(RowPointers[0], Argument(nameof(Int8Arguments.Row)));
        for (int i = 1; i * 3 < _kernel.Rows; i++)
        {
            _code.lea(RowPointers[i], __[RowPointers[i - 1] + RowStride * 2]);
            _code.add(RowPointers[i], RowStride);
        }
        _code.mov(D, Argument(nameof(Int8Arguments.Panel)));
        foreach (var (pointer, field, _) in Planes())
        {
            if (pointer == D)
                continue;
            _code.mov(pointer, Argument(field));
            _code.add(pointer, D);
        }
        _code.mov(Ahead, Argument(nameof(Int8Arguments.Ahead)));
        _vector.Zero(0);
        for (int row = 0; row < _kernel.Rows; row++)
        {
            for (int vector = 0; vector < _at.RowVectors; vector++)
                _vector.Store(_at.Slot(row, vector), 0);
        }
    }

    // The planes of the kind, and the bytes that a group has in them; D and M of super-blocks move once for eight groups.
    private IEnumerable<(AssemblerRegister64 Pointer, string Field, int GroupBytes)> Planes()
    {
        yield return (D, nameof(Int8Arguments.Panel), IsSuperBlocked ? 0 : 32);
        if (_kind.HasMinimum)
            yield return (M, nameof(Int8Arguments.M), IsSuperBlocked ? 0 : 32);
        if (IsSuperBlocked)
            yield return (Sc, nameof(Int8Arguments.Sc), 16 * _kind.SubScales);
        if (IsSuperBlocked && _kind.HasMinimum)
            yield return (Mn, nameof(Int8Arguments.Mn), 16);
        yield return (Q, nameof(Int8Arguments.Q), 64 * _kind.QuadVectors);
        if (_kind.HighVectors > 0)
            yield return (H, nameof(Int8Arguments.H), 64 * _kind.HighVectors);
    }

    private void OneBlock()
    {
        if (!IsSuperBlocked)
        {
            OneGroup();
            return;
        }
        _code.mov(Group, GroupsOfSuperBlock);
        Loop(Group, null, OneGroup);
        _code.add(D, 32);
        if (_kind.HasMinimum)
            _code.add(M, 32);
    }

    private void OneGroup()
    {
        for (int slab = 0; slab < _slabs; slab++)
        {
            for (int sub = 0; sub < SubBlocks; sub++)
            {
                var dots = DotCode.Of(_kernel, _vector, _registers, Row);
                int quads = 8 / SubBlocks;
                dots.Begin(sub);
                for (int quad = sub * quads; quad < (sub + 1) * quads; quad++)
                    OneQuad(dots, slab, quad, quad - sub * quads);
                dots.Finish(sub);
                if (SubBlocks == 2)
                    ScaleSubBlock(slab, sub);
            }
            for (int i = 0; i < _registers.Together; i++)
                AddToSums(slab, i);
        }
        foreach (var (pointer, _, bytes) in Planes())
        {
            if (bytes > 0)
                _code.add(pointer, bytes);
        }
        for (int i = 0; i * 3 < _kernel.Rows; i++)
            _code.add(RowPointers[i], QuantizedGroup.Bytes);
        _code.add(Ahead, Argument(nameof(Int8Arguments.AheadStep)));
    }

    private void OneQuad(DotCode dots, int slab, int quad, int quadOfSubBlock)
    {
        if (slab == 0 && quad < Int8Kernel.LinesAhead(_kind, _kernel.Panels))
            _code.prefetcht1(__[Ahead + 64 * quad]);
        for (int i = 0; i < _registers.Together; i++)
            LoadWeights(slab, i, quad);
        for (int row = 0; row < _kernel.Rows; row++)
        {
            _vector.BroadcastInt32(_registers.Broadcast, Row(row, 4 * quad));
            for (int i = 0; i < _registers.Together; i++)
                dots.Add(row, i, quadOfSubBlock);
        }
    }

    // Four unsigned bytes of each output. Where products are made of nibbles, those of 8-bit values are taken apart.
    private void LoadWeights(int slab, int i, int quad)
    {
        int target = _registers.Weights[i];
        bool isByte = _kind.Bits == 8;
        var source = Plane(Q, slab, i, quad % _kind.QuadVectors * 64);
        if (quad < _kind.QuadVectors)
            Prefetch(Q, slab, i, quad * 64);
        if (isByte && !_registers.SplitsBytes)
        {
            _vector.Load(target, source);
            return;
        }
        if (isByte || quad >= _kind.QuadVectors)
        {
            int upper = isByte ? _registers.UpperWeights : target;
            _vector.Load(upper, source);
            _vector.Shift(upper, -4);
            _vector.And(upper, upper, _registers.NibbleMask);
        }
        if (isByte || quad < _kind.QuadVectors)
            _vector.And(target, _registers.NibbleMask, source);
        if (_kind.HighVectors == 0)
            return;
        int perVector = 8 / _kind.HighVectors;
        if (quad % perVector == 0)
            Prefetch(H, slab, i, quad / perVector * 64);
        int high = _registers.High;
        _vector.Load(high, Plane(H, slab, i, quad / perVector * 64));
        _vector.Shift(high, 4 - quad % perVector * _kind.HighVectors);
        _vector.And(high, high, _registers.HighMask);
        _vector.Or(target, target, high);
    }

    // Q6_K: the two halves of a group meet in float32, where their products with small whole numbers are exact.
    private void ScaleSubBlock(int slab, int sub)
    {
        for (int i = 0; i < _registers.Together; i++)
        {
            int scale = _registers.Weights[0];
            _vector.WidenBytes(scale, _at.Outputs(Sc, slab, i, 1, sub * PanelLayout.Columns), signed: true);
            _vector.ToSingle(scale);
            for (int row = 0; row < _kernel.Rows; row++)
            {
                int sum = _registers.Sum(row, i);
                _vector.ToSingle(sum);
                int? first = _registers.FirstHalf(row, i);
                if (sub == 0)
                    _vector.Multiply(first ?? sum, sum, scale);
                if (sub == 0 && first is null)
                    _vector.Store(_at.FirstHalf(row, i), sum);
                if (sub == 1 && first is { } register)
                    _vector.MultiplyThenAdd(sum, scale, register);
                else if (sub == 1)
                    _vector.MultiplyThenAdd(sum, scale, _at.FirstHalf(row, i));
            }
        }
    }

    private void AddToSums(int slab, int i)
    {
        int scale = _registers.Weights[0], minimum = _registers.UpperWeights, work = _registers.High, activation = _registers.Broadcast;
        LoadScale(scale, work, D, Sc, slab, i);
        if (_kind.HasMinimum)
            LoadScale(minimum, work, M, Mn, slab, i);
        for (int row = 0; row < _kernel.Rows; row++)
        {
            int sum = _registers.Sum(row, i);
            var slot = _at.Slot(row, _at.Vector(slab, i));
            if (SubBlocks == 1)
                _vector.ToSingle(sum);
            _vector.BroadcastSingle(activation, Row(row, QuantizedGroup.Offset(nameof(QuantizedGroup.Scale))));
            _vector.Multiply(activation, scale, activation);
            _vector.MultiplyThenAdd(sum, activation, slot);
            if (_kind.HasMinimum)
            {
                string field = _kind.SubtractsMinimum ? nameof(QuantizedGroup.NegatedSum) : nameof(QuantizedGroup.Sum);
                _vector.BroadcastSingle(activation, Row(row, QuantizedGroup.Offset(field)));
                _vector.AddProduct(sum, minimum, activation);
            }
            _vector.Store(slot, sum);
        }
    }

    // A float16, and for kinds with one sub-scale in a group its product with a byte.
    private void LoadScale(int target, int work, AssemblerRegister64 halves, AssemblerRegister64 bytes, int slab, int i)
    {
        _vector.LoadHalves(target, _at.Outputs(halves, slab, i, 2, 0));
        if (_kind.SubScales != 1)
            return;
        _vector.WidenBytes(work, _at.Outputs(bytes, slab, i, 1, 0), signed: false);
        _vector.ToSingle(work);
        _vector.Multiply(target, target, work);
    }

    private void StoreTile()
    {
        EachRowOfResults(row =>
        {
            for (int vector = 0; vector < _at.RowVectors; vector++)
            {
                _vector.Load(0, _at.Slot(row, vector));
                _vector.Store(__[D + vector * _vector.Bytes], 0);
            }
        });
        _code.add(Argument(nameof(Int8Arguments.Y)), _at.RowVectors * _vector.Bytes);
        for (int panel = 0; panel < _kernel.Panels; panel++)
            _code.add(Argument(nameof(Int8Arguments.Panel)), PanelStride);
    }

    // With D at the tile's results of each row; the registers of planes are free before and after the loop over K.
    private void EachRowOfResults(Action<int> body)
    {
        _code.mov(D, Argument(nameof(Int8Arguments.Y)));
        _code.mov(M, Argument(nameof(Int8Arguments.YRowBytes)));
        for (int row = 0; row < _kernel.Rows; row++)
        {
            body(row);
            _code.add(D, M);
        }
    }

    private void Loop(AssemblerRegister64 counter, AssemblerMemoryOperand? count, Action body)
    {
        if (count is { } source)
            _code.mov(counter, source);
        var start = _code.CreateLabel();
        _code.Label(ref start);
        body();
        _code.sub(counter, 1);
        _code.jne(start);
    }

    private void Prefetch(AssemblerRegister64 plane, int slab, int i, int offset)
    {
        // Once for a line: 256-bit code comes by twice.
        if (_at.Vector(slab, i) % _at.Halves == 0)
            _code.prefetcht0(Plane(plane, slab, i, offset + PrefetchDistance));
    }

    // A vector of a plane of quads.
    private AssemblerMemoryOperand Plane(AssemblerRegister64 plane, int slab, int i, int offset) => _at.Outputs(plane, slab, i, 4, offset);
}
