using Ponder.Numerics.CodeGen;
using Ponder.Numerics.Memory;

namespace Ponder.Numerics.Tests.Emulator;

/// <summary>The registers that a kernel must give back as they were.</summary>
internal sealed unsafe class Snapshot : IDisposable
{
    private static readonly (int Number, string Name)[] Everywhere = [(3, "rbx"), (5, "rbp"), (12, "r12"), (13, "r13"), (14, "r14"), (15, "r15")];
    private static readonly (int Number, string Name)[] OnWindows = [.. Everywhere, (6, "rsi"), (7, "rdi")];
    private const int FirstVector = 6, LastVector = 15, KeptBytes = 16;

    private readonly bool _windows;
    private readonly NativeBuffer<byte> _vectors = new(Cpu.VectorRegisters * KeptBytes);
    private readonly ulong[] _general = new ulong[Cpu.GeneralRegisters];

    public Snapshot(Cpu cpu, CallingConvention convention)
    {
        _windows = convention == CallingConvention.Windows;
        new ReadOnlySpan<ulong>(cpu.General, Cpu.GeneralRegisters).CopyTo(_general);
        for (int i = FirstVector; i <= LastVector; i++)
            Operands.Copy(cpu.Vector(i), _vectors.Pointer + i * KeptBytes, KeptBytes);
    }

    /// <summary>The first register that differs, or null.</summary>
    public string? Changed(Cpu cpu)
    {
        foreach (var (number, name) in _windows ? OnWindows : Everywhere)
            if (cpu.General[number] != _general[number])
                return name;
        for (int i = FirstVector; _windows && i <= LastVector; i++)
            if (!new ReadOnlySpan<byte>(cpu.Vector(i), KeptBytes).SequenceEqual(new ReadOnlySpan<byte>(_vectors.Pointer + i * KeptBytes, KeptBytes)))
                return $"xmm{i}";
        return null;
    }

    public void Dispose() => _vectors.Dispose();
}
