using Ponder.Numerics.CodeGen;
using Ponder.Numerics.Formats;
using Ponder.Numerics.Memory;
using Ponder.Numerics.Panels;
using Ponder.Numerics.Panels.Int8;
using Ponder.Numerics.Tests.Panels;

namespace Ponder.Numerics.Tests.Emulator;

/// <summary>
/// Every int8 kernel, of every instruction set and calling convention, on any machine: the bits of the portable twin, from exactly the memory that belongs
/// to the product.
/// </summary>
public sealed unsafe class Int8EmulationTests
{
    private const int Tiles = 2, Gap = 3;

    public static TheoryData<string, string> Kernels()
    {
        var data = new TheoryData<string, string>();
        foreach (var set in (InstructionSet[])[InstructionSet.Avx2, InstructionSet.AvxVnni, InstructionSet.Avx512])
            foreach (var kind in PanelKind.All)
                data.Add(set.ToString(), kind.Name);
        return data;
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Every_kernel_gives_the_bits_of_the_portable_twin(string setName, string kindName)
    {
        var set = Enum.Parse<InstructionSet>(setName);
        var kind = PanelSamples.KindOf(kindName);
        for (int rows = 1; rows <= Int8Kernel.MostRows(set, kind); rows++)
            for (int panels = 1; panels <= Int8Kernel.MostPanels(set); panels++)
                Check(new Int8Kernel(set, kind, rows, panels), new Random(rows * 10 + panels));
    }

    private static void Check(Int8Kernel kernel, Random random)
    {
        // Two entries of the D plane; an uneven number of groups where a group has an entry of its own.
        int k = kernel.Kind.ScaleValues == 32 ? 96 : 512, outputs = Tiles * kernel.Panels * PanelLayout.Columns;
        using var product = Product(kernel, random, outputs, k);
        var portable = new Int8Portable();
        int[] expected = [.. product.Multiply(portable).Select(BitConverter.SingleToInt32Bits)];
        using var prepared = product.Prepare(portable, 0, kernel.Rows);
        using var y = new NativeBuffer<float>(kernel.Rows * (outputs + Gap));
        foreach (var convention in Enum.GetValues<CallingConvention>())
        {
            y.Span.Clear();
            var arguments = Arguments(product, prepared.Pointer, y.Pointer);
            KernelEmulator.Run(kernel.Generate(convention), convention, &arguments, Ranges(product, prepared, y));
            arguments.Tiles.ShouldBe(0);
            Results(y, outputs).SequenceEqual(expected).ShouldBeTrue($"{kernel.Name} {convention}");
        }
        if (!InstructionSets.Available.Contains(kernel.Set))
            return;
        y.Span.Clear();
        var again = Arguments(product, prepared.Pointer, y.Pointer);
        KernelCache.Get(kernel).Run(&again);
        Results(y, outputs).SequenceEqual(expected).ShouldBeTrue($"{kernel.Name} on this machine");
    }

    // Random codes for most, and all bits set where sums could leave 16 bits.
    private static Int8Product Product(Int8Kernel kernel, Random random, int outputs, int k)
    {
        var format = NumberFormats.FromName(kernel.Kind.Name)!;
        byte[] blocks = PanelSamples.RandomBlocks(random, format, outputs * k);
        if (kernel.Rows == 1)
            PanelSamples.FillCodes(format, blocks, 0xff);
        float[] x = new float[kernel.Rows * k];
        for (int i = 0; i < x.Length; i++)
            x[i] = kernel.Rows == 1 ? 1 : (float)(random.NextDouble() * 2 - 1);
        return new Int8Product(kernel.Kind.Name, blocks, x, kernel.Rows, outputs);
    }

    private static Int8Arguments Arguments(Int8Product product, byte* prepared, float* y)
    {
        var layout = product.Layout;
        return Int8Arguments.Of(layout, product.Panels) with
        {
            Row = (QuantizedGroup*)prepared,
            Y = y,
            YRowBytes = (product.Outputs + Gap) * sizeof(float),
            Tiles = Tiles,
        };
    }

    // Results may be written in their rows only, not between them.
    private static MemoryRange[] Ranges(Int8Product product, NativeBuffer<byte> prepared, NativeBuffer<float> y)
    {
        long panelBytes = product.Outputs / PanelLayout.Columns * product.Layout.Bytes;
        List<MemoryRange> ranges =
        [
            MemoryRange.Read(product.Panels, panelBytes, "panels"),
            MemoryRange.Read(prepared.Pointer, prepared.Length, "activations"),
        ];
        for (int row = 0; row < product.Rows; row++)
            ranges.Add(MemoryRange.ReadWrite(y.Pointer + row * (product.Outputs + Gap), product.Outputs * sizeof(float), $"row {row} of y"));
        return [.. ranges];
    }

    private static IEnumerable<int> Results(NativeBuffer<float> y, int outputs) =>
        Enumerable.Range(0, (int)y.Length).Where(i => i % (outputs + Gap) < outputs).Select(i => BitConverter.SingleToInt32Bits(y.Span[i]));
}
