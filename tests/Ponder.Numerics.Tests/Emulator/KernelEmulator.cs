using Iced.Intel;
using Ponder.Numerics.CodeGen;
using Ponder.Numerics.Memory;

namespace Ponder.Numerics.Tests.Emulator;

/// <summary>
/// Runs a generated kernel on an emulated processor: on any machine, with a look at every access to memory and at what the calling convention asks for.
/// Knows the instructions of <see cref="InstructionTable"/>. The kernel works on real memory of this process.
/// </summary>
/// <example><code>
/// KernelEmulator.Run(spec.Generate(convention), convention, &amp;arguments, MemoryRange.Read(panel, bytes), MemoryRange.ReadWrite(y, 4 * count));
/// </code></example>
internal sealed unsafe class KernelEmulator : IDisposable
{
    private const int StackBytes = 64 << 10, RedZone = 128, ShadowSpace = 32;

    private readonly CallingConvention _convention;
    private readonly NativeBuffer<byte> _code, _stack = new(StackBytes);
    private readonly Step?[] _steps;

    /// <param name="code">A kernel.</param>
    /// <param name="convention">What it was made for.</param>
    public KernelEmulator(byte[] code, CallingConvention convention)
    {
        _convention = convention;
        _code = new NativeBuffer<byte>(code.Length);
        code.CopyTo(_code.Span);
        _steps = new Step?[code.Length];
    }

    /// <summary>Instructions after which a kernel is taken to run for ever.</summary>
    public long StepLimit { get; init; } = 50_000_000;

    /// <summary>Instructions of the last run.</summary>
    public long Steps { get; private set; }

    /// <summary>Runs a kernel once.</summary>
    /// <param name="code">A kernel.</param>
    /// <param name="convention">What it was made for.</param>
    /// <param name="arguments">Its struct of arguments, which it may change.</param>
    /// <param name="ranges">All other memory that it may touch.</param>
    /// <exception cref="EmulatorException">It does what it must not.</exception>
    public static void Run<T>(byte[] code, CallingConvention convention, T* arguments, params ReadOnlySpan<MemoryRange> ranges) where T : unmanaged
    {
        using var emulator = new KernelEmulator(code, convention);
        emulator.Run(arguments, ranges);
    }

    /// <inheritdoc cref="Run{T}(byte[], CallingConvention, T*, ReadOnlySpan{MemoryRange})"/>
    public void Run<T>(T* arguments, params ReadOnlySpan<MemoryRange> ranges) where T : unmanaged
    {
        using var cpu = new Cpu();
        foreach (var range in ranges)
            cpu.Memory.Allow(range);
        cpu.Memory.Allow(MemoryRange.ReadWrite(arguments, sizeof(T)));
        cpu.Memory.Allow(MemoryRange.Read(_code.Pointer, _code.Length, "code"));
        Run(cpu, arguments);
    }

    private void Run(Cpu cpu, void* arguments)
    {
        // Nothing that the kernel did not write itself may look like a zero.
        for (int i = 0; i < Cpu.GeneralRegisters; i++)
            cpu.General[i] = 0xdead_0000_0000_0000 + (ulong)i * 0x0101_0101_0101;
        for (int i = 0; i < Cpu.MaskRegisters; i++)
            cpu.Masks[i] = 0x5a5a_5a5a_5a5a_5a5a;
        for (int i = 0; i < Cpu.VectorRegisters; i++)
            new Span<byte>(cpu.Vector(i), Cpu.VectorBytes).Fill((byte)(0xc0 + i));
        _stack.Span.Fill(0xa5);
        cpu.General[_convention == CallingConvention.Windows ? Cpu.Rcx : Cpu.Rdi] = (ulong)arguments;

        // At the entrance the return address lies at RSP, and RSP + 8 is a multiple of 16. Above it Windows lends 32 bytes.
        ulong entry = (ulong)_stack.Pointer + StackBytes - 72;
        cpu.General[Cpu.Rsp] = entry;
        ulong lent = _convention == CallingConvention.Windows ? 8UL + ShadowSpace : 8;
        cpu.Memory.SetStack(new MemoryRange("stack", (ulong)_stack.Pointer, entry + lent - (ulong)_stack.Pointer, true), _convention == CallingConvention.Windows ? 0UL : RedZone);
        const ulong ReturnAddress = 0x7e70_7e70_7e70_7e70;
        *(ulong*)entry = ReturnAddress;
        using var before = new Snapshot(cpu, _convention);

        Step? step = null;
        cpu.Next = 0;
        for (Steps = 0; cpu.Next != Cpu.Returned; Steps++)
        {
            if (Steps == StepLimit)
                throw new RunawayException(step, $"the kernel has not returned after {StepLimit} instructions.");
            if ((uint)cpu.Next >= (uint)_steps.Length)
                throw new RunawayException(step, $"the kernel leaves its {_steps.Length} bytes of code.");
            step = _steps[cpu.Next] ??= Decode(cpu.Next);
            cpu.Next = step.End;
            cpu.Memory.StackPointer = cpu.General[Cpu.Rsp];
            step.Handler(cpu, step);
        }
        if (cpu.General[Cpu.Rsp] != entry + 8)
            throw new BrokenConventionException(step!, $"returns with RSP off by {(long)(cpu.General[Cpu.Rsp] - entry - 8)} bytes.");
        if (*(ulong*)entry != ReturnAddress)
            throw new BrokenConventionException(step!, "returns to an address that was overwritten.");
        if (before.Changed(cpu) is { } register)
            throw new BrokenConventionException(step!, $"returns with {register} changed, which belongs to the caller.");
    }

    private Step Decode(int offset)
    {
        byte* start = _code.Pointer + offset;
        byte[] bytes = new ReadOnlySpan<byte>(start, (int)Math.Min(15, _code.Length - offset)).ToArray();
        var decoder = Iced.Intel.Decoder.Create(64, new ByteArrayCodeReader(bytes), (ulong)start);
        return new Step(decoder.Decode(), offset);
    }

    public void Dispose()
    {
        _code.Dispose();
        _stack.Dispose();
    }
}
