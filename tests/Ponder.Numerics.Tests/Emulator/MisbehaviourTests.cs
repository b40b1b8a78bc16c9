using Iced.Intel;
using Ponder.Numerics.CodeGen;
using Ponder.Numerics.Memory;
using static Iced.Intel.AssemblerRegisters;

namespace Ponder.Numerics.Tests.Emulator;

/// <summary>What the emulator says of kernels that do what they must not.</summary>
public sealed unsafe class MisbehaviourTests : IDisposable
{
    private const int Bytes = 128;

    private readonly NativeBuffer<byte> _memory = new(Bytes);

    public void Dispose() => _memory.Dispose();

    // The argument is the address of the memory; after the body rax holds that address.
    private void Run(Action<Assembler> body, CallingConvention convention = CallingConvention.SystemV, bool writable = true, long limit = 1000)
    {
        var code = new Assembler(64);
        code.mov(rax, convention == CallingConvention.Windows ? __[rcx] : __[rdi]);
        body(code);
        code.ret();
        using var stream = new MemoryStream();
        code.Assemble(new StreamCodeWriter(stream), 0);
        byte* memory = _memory.Pointer;
        nint argument = (nint)memory;
        using var emulator = new KernelEmulator(stream.ToArray(), convention) { StepLimit = limit };
        emulator.Run(&argument, writable ? MemoryRange.ReadWrite(memory, Bytes) : MemoryRange.Read(memory, Bytes));
    }

    [Fact]
    public void A_kernel_may_use_all_of_its_memory()
    {
        _memory.Span[..64].Fill(7);
        Run(c =>
        {
            c.vmovups(zmm0, __[rax]);
            c.vmovups(__[rax + 64], zmm0);
            c.prefetcht0(__[rax + 4096]);
        });
        _memory.Span[^1].ShouldBe((byte)7);
    }

    [Theory]
    [InlineData(65, "memory + 65 of 128 bytes")]
    [InlineData(-1, "memory - 1 of 128 bytes")]
    [InlineData(130, "memory + 130 of 128 bytes")]
    public void An_access_outside_its_memory_names_the_place(int offset, string place)
    {
        string read = Should.Throw<OutOfRangeAccessException>(() => Run(c => c.vmovups(zmm0, __[rax + offset]))).Message;
        read.ShouldContain(place);
        read.ShouldContain("0x3 vmovups");
        read.ShouldContain("reads 64 bytes");
        Should.Throw<OutOfRangeAccessException>(() => Run(c => c.vmovups(__[rax + offset], zmm0))).Message.ShouldContain("writes 64 bytes");
    }

    [Fact]
    public void Memory_for_reading_is_not_written()
    {
        Run(c => c.mov(rdx, __[rax]), writable: false);
        Should.Throw<OutOfRangeAccessException>(() => Run(c => c.mov(__qword_ptr[rax], 1), writable: false)).Message.ShouldContain("for reading only");
    }

    [Fact]
    public void A_masked_access_touches_the_elements_of_its_mask_only()
    {
        void Masked(Assembler c, long mask)
        {
            c.mov(rdx, mask);
            c.kmovq(k1, rdx);
            c.vmovdqu32(zmm0.k1.z, __[rax + 100]);
            c.vmovdqu32(__[rax + 100].k1, zmm0);
        }

        Run(c => Masked(c, 0x7f));
        Should.Throw<OutOfRangeAccessException>(() => Run(c => Masked(c, 0xff)));
    }

    [Fact]
    public void An_aligned_access_wants_an_aligned_address()
    {
        Run(c => c.vmovaps(ymm0, __[rax + 32]));
        Should.Throw<MisalignedAccessException>(() => Run(c => c.vmovaps(ymm0, __[rax + 16])));
        Should.Throw<MisalignedAccessException>(() => Run(c => c.vmovdqa64(__[rax + 32], zmm0)));
    }

    [Fact]
    public void An_unknown_instruction_is_named()
    {
        Should.Throw<UnknownInstructionException>(() => Run(c => c.cpuid())).Message.ShouldContain("0x3 cpuid");
        Should.Throw<UnknownInstructionException>(() => Run(c => c.vaddps(zmm0, zmm1, zmm2.rd_sae))).Message.ShouldContain("embedded rounding");
        Should.Throw<UnknownInstructionException>(() => Run(c => c.mov(rax, __[eax]))).Message.ShouldContain("address");
        Should.Throw<UnknownInstructionException>(() => Run(c => c.mov(eax, ds))).Message.ShouldContain("operands");
        Should.Throw<UnknownInstructionException>(() => Run(c => c.movsb())).Message.ShouldContain("operands");
        Should.Throw<UnknownInstructionException>(() => Run(c => c.db(0x06))).Message.ShouldContain("is not an instruction");
    }

    [Fact]
    public void A_kernel_that_does_not_end_is_stopped()
    {
        Should.Throw<RunawayException>(() => Run(c =>
        {
            var loop = c.CreateLabel();
            c.Label(ref loop);
            c.jmp(loop);
        })).Message.ShouldContain("1000 instructions");
        Should.Throw<RunawayException>(() => Run(c => c.jmp(4096))).Message.ShouldContain("leaves its");
    }

    [Fact]
    public void The_stack_must_be_balanced()
    {
        Run(c =>
        {
            c.push(rbx);
            c.pop(rbx);
        });
        Should.Throw<BrokenConventionException>(() => Run(c => c.push(rbx))).Message.ShouldContain("RSP off by -8 bytes");
        Should.Throw<BrokenConventionException>(() => Run(c => c.mov(__[rsp], rax))).Message.ShouldContain("overwritten");
    }

    [Fact]
    public void Memory_below_the_stack_pointer_is_lent_by_SystemV_alone()
    {
        Run(c => c.mov(__[rsp - 128], rax));
        Should.Throw<OutOfRangeAccessException>(() => Run(c => c.mov(__[rsp - 136], rax))).Message.ShouldContain("136 bytes below RSP");
        Should.Throw<OutOfRangeAccessException>(() => Run(c => c.mov(__[rsp - 8], rax), CallingConvention.Windows));
        Should.Throw<OutOfRangeAccessException>(() => Run(c => c.mov(__[rsp + 8], rax)));
        Run(c => c.mov(__[rsp + 32], rax), CallingConvention.Windows);
        Should.Throw<OutOfRangeAccessException>(() => Run(c => c.mov(__[rsp + 40], rax), CallingConvention.Windows));
    }

    [Fact]
    public void The_callers_registers_must_be_given_back()
    {
        foreach (var register in (AssemblerRegister64[])[rbx, rbp, r12, r13, r14, r15])
        {
            Should.Throw<BrokenConventionException>(() => Run(c => c.inc(register))).Message.ShouldContain($"{(Register)register} changed");
            Should.Throw<BrokenConventionException>(() => Run(c => c.inc(register), CallingConvention.Windows));
        }
        foreach (var register in (AssemblerRegister64[])[rsi, rdi])
        {
            Run(c => c.inc(register));
            Should.Throw<BrokenConventionException>(() => Run(c => c.inc(register), CallingConvention.Windows));
        }
        Run(c => c.vpxor(xmm6, xmm6, xmm6));
        Run(c => c.vpxor(xmm5, xmm5, xmm5), CallingConvention.Windows);
        Run(c => c.vpxord(zmm16, zmm16, zmm16), CallingConvention.Windows);
        Run(c => c.vzeroupper(), CallingConvention.Windows);
        foreach (var register in (AssemblerRegisterXMM[])[xmm6, xmm15])
        {
            Should.Throw<BrokenConventionException>(() => Run(c => c.vpxor(register, register, register), CallingConvention.Windows))
                .Message.ShouldContain($"{(Register)register} changed");
        }
    }

    [Theory]
    [InlineData(CallingConvention.SystemV)]
    [InlineData(CallingConvention.Windows)]
    internal void The_frame_of_every_kernel_keeps_the_convention(CallingConvention convention)
    {
        var kernel = new KernelAssembler(convention);
        kernel.Begin(frame: 192);
        var c = kernel.Code;
        c.mov(rax, __[KernelAssembler.Arguments]);
        foreach (var register in (AssemblerRegister64[])[rbx, rbp, rsi, rdi, r12, r13, r14, r15])
            c.inc(register);
        c.vpxor(xmm6, xmm6, xmm6);
        c.vpxor(xmm15, xmm15, xmm15);
        c.vmovaps(__[rsp], zmm15);
        c.vmovaps(__[rsp + 128], zmm15);
        c.mov(__dword_ptr[rax], 42);
        kernel.End();
        byte* memory = _memory.Pointer;
        nint argument = (nint)memory;
        KernelEmulator.Run(kernel.Assemble(), convention, &argument, MemoryRange.ReadWrite(memory, 4));
        _memory.Span[0].ShouldBe((byte)42);
    }
}
