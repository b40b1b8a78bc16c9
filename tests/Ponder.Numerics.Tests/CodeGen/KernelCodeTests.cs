using Ponder.Numerics.CodeGen;
using static Iced.Intel.AssemblerRegisters;

namespace Ponder.Numerics.Tests.CodeGen;

public unsafe class KernelCodeTests
{
    private sealed record AddFloats(int Count) : IKernelSpec
    {
        public string Name => $"test-add-{Count}";

        public byte[] Generate(CallingConvention convention)
        {
            var kernel = new KernelAssembler(convention);
            var c = kernel.Code;
            kernel.Begin(frame: 64);
            c.mov(rax, __[rdi]);
            c.vmovups(ymm7, __[rax]);
            c.vmovups(__[rsp], ymm7);
            for (int i = 1; i < Count; i++)
                c.vaddps(ymm7, ymm7, __[rsp]);
            c.vmovups(__[rax], ymm7);
            kernel.End();
            return kernel.Assemble();
        }
    }

    [Fact]
    public void A_kernel_runs_and_is_made_once()
    {
        if (!CpuFeatures.Avx2)
            return;
        var kernel = KernelCache.Get(new AddFloats(3));
        KernelCache.Get(new AddFloats(3)).ShouldBeSameAs(kernel);
        KernelCache.Get(new AddFloats(4)).ShouldNotBeSameAs(kernel);
        float* values = stackalloc float[8];
        for (int i = 0; i < 8; i++)
            values[i] = i;
        float** arguments = &values;
        kernel.Run(arguments);
        for (int i = 0; i < 8; i++)
            values[i].ShouldBe(3 * i);
    }

    [Theory]
    [InlineData(CallingConvention.SystemV)]
    [InlineData(CallingConvention.Windows)]
    internal void A_kernel_reads_as_text(CallingConvention convention)
    {
        string text = Disassembly.Text(new AddFloats(2).Generate(convention));
        text.ShouldContain("vaddps ymm7");
        text.Contains("xmm15", StringComparison.Ordinal).ShouldBe(convention == CallingConvention.Windows);
        text.Trim().ShouldEndWith("ret");
    }
}
