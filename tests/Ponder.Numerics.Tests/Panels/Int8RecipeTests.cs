using FsCheck;
using FsCheck.Fluent;
using Ponder.Numerics.CodeGen;
using Ponder.Numerics.Formats;
using Ponder.Numerics.Panels;
using Ponder.Numerics.Panels.Int8;

namespace Ponder.Numerics.Tests.Panels;

public sealed unsafe class Int8RecipeTests
{
    public static TheoryData<string> Kinds => PanelSamples.KindNames;

    private static InstructionSet[] Sets { get; } =
        [.. new[] { InstructionSet.Avx2, InstructionSet.AvxVnni, InstructionSet.Avx512 }.Intersect(InstructionSets.Available)];

    private static PanelRecipe[] Recipes { get; } = [new Int8Portable(), .. Sets.Select(set => new Int8Recipe(set))];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_instruction_set_gives_the_bits_of_the_portable_twin(string name)
    {
        var shapes =
            from rows in Gen.Choose(1, 40)
            from outputs in Gen.Choose(1, 70)
            from blocks in Gen.Choose(1, PanelSamples.KindOf(name).ScaleValues == 32 ? 20 : 3)
            select (rows, outputs, k: blocks * PanelSamples.KindOf(name).ScaleValues);
        Prop.ForAll(shapes.ToArbitrary(), shape =>
        {
            using var product = Int8Product.Random(name, new Random(shape.GetHashCode()), shape.rows, shape.outputs, shape.k);
            int[] expected = Bits(product.Multiply(Recipes[0]));
            foreach (var recipe in Recipes[1..])
                Bits(product.Multiply(recipe)).ShouldBe(expected, shape.ToString());
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(20));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_tile_of_every_instruction_set_gives_the_bits_of_the_portable_twin(string name)
    {
        var kind = PanelSamples.KindOf(name);
        foreach (var set in Sets)
        {
            for (int rows = 1; rows <= Int8Kernel.MostRows(set, kind); rows++)
            {
                for (int panels = 1; panels <= Int8Kernel.MostPanels(set); panels++)
                {
                    const int Tiles = 2;
                    using var product = Int8Product.Random(name, new Random(rows), rows, Tiles * panels * 16, 512);
                    using var prepared = product.Prepare(Recipes[0], 0, rows);
                    using var y = new Kernels.Guarded(rows * product.Outputs);
                    var layout = product.Layout;
                    var arguments = Int8Arguments.Of(layout, product.Panels) with
                    {
                        Row = (QuantizedGroup*)prepared.Pointer,
                        Y = y.Pointer,
                        YRowBytes = product.Outputs * sizeof(float),
                        Ahead = product.Panels,
                        Tiles = Tiles,
                    };
                    KernelCache.Get(new Int8Kernel(set, kind, rows, panels)).Run(&arguments);
                    Bits(y.Checked()).ShouldBe(Bits(product.Multiply(Recipes[0])), $"{set} {rows}x{panels}");
                    arguments.Tiles.ShouldBe(0);
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_largest_weights_and_activations_do_not_saturate(string name)
    {
        var format = NumberFormats.FromName(name)!;
        const int Outputs = 16, K = 512;
        foreach (byte bits in new byte[] { 0xFF, 0x00, 0x80, 0x7F })
        {
            byte[] blocks = PanelSamples.RandomBlocks(new Random(1), format, Outputs * K);
            float[] halves = new float[Outputs * K];
            PanelSamples.FillCodes(format, blocks, bits);
            format.Decode(blocks, halves);
            float[] x = [.. Enumerable.Range(0, K).Select(i => 2f), .. Enumerable.Range(0, K).Select(i => -2f)];
            using var product = new Int8Product(name, blocks, x, 2, Outputs);
            foreach (var recipe in Recipes)
            {
                float[] y = product.Multiply(recipe);
                for (int i = 0; i < 2 * Outputs; i++)
                {
                    // These activations are whole multiples of their scale: the product is exact but for the float32 sums.
                    double expected = Enumerable.Range(0, K).Sum(k => (double)halves[i % Outputs * K + k] * x[i / Outputs * K + k]);
                    double size = Enumerable.Range(0, K).Sum(k => Math.Abs((double)halves[i % Outputs * K + k] * x[i / Outputs * K + k]));
                    Math.Abs(y[i] - expected).ShouldBeLessThanOrEqualTo(1e-4 * size, $"{name} {bits:x2} output {i}");
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Products_of_normal_data_are_within_a_hundredth(string name)
    {
        var format = NumberFormats.FromName(name)!;
        const int Rows = 4, Outputs = 48, K = 2048;
        var random = new Random(3);
        float[] weights = Normal(random, Outputs * K), x = Normal(random, Rows * K);
        byte[] blocks = new byte[format.BytesOf(weights.Length)];
        format.Encode(weights, blocks);
        format.Decode(blocks, weights);
        using var product = new Int8Product(name, blocks, x, Rows, Outputs);
        foreach (var recipe in Recipes)
        {
            float[] y = product.Multiply(recipe);
            double error = 0, size = 0;
            for (int i = 0; i < y.Length; i++)
            {
                double expected = 0;
                for (int k = 0; k < K; k++)
                    expected += (double)weights[i % Outputs * K + k] * x[i / Outputs * K + k];
                error += (y[i] - expected) * (y[i] - expected);
                size += expected * expected;
            }
            Math.Sqrt(error / size).ShouldBeLessThan(1e-2);
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_row_and_an_output_do_not_depend_on_their_company(string name)
    {
        const int Rows = 17, Outputs = 70;
        using var product = Int8Product.Random(name, new Random(4), Rows, Outputs, 512);
        foreach (var recipe in Recipes)
        {
            float[] all = product.Multiply(recipe);
            foreach (var (firstRow, rows, firstOutput, outputs) in new[] { (0, 1, 0, 70), (16, 1, 0, 16), (3, 9, 48, 22), (5, 2, 16, 33) })
            {
                float[] some = product.Multiply(recipe, firstRow, rows, firstOutput, outputs);
                for (int row = 0; row < rows; row++)
                    some[(row * outputs)..((row + 1) * outputs)].ShouldBe(all[((firstRow + row) * Outputs + firstOutput)..][..outputs]);
            }
        }
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void What_is_not_a_number_spoils_its_row_and_no_other(float value)
    {
        foreach (var kind in PanelKind.All)
        {
            byte[] blocks = PanelSamples.RandomBlocks(new Random(5), NumberFormats.FromName(kind.Name)!, 16 * 512);
            float[] x = Normal(new Random(6), 3 * 512);
            x[512 + 77] = value;
            using var product = new Int8Product(kind.Name, blocks, x, 3, 16);
            foreach (var recipe in Recipes)
            {
                float[] y = product.Multiply(recipe);
                y[16..32].ShouldAllBe(result => float.IsNaN(result));
                y[..16].Concat(y[32..]).ShouldAllBe(result => float.IsFinite(result));
            }
        }
    }

    [Fact]
    public void Collections_of_garbage_do_no_harm_to_running_kernels()
    {
        using var product = Int8Product.Random("Q4_K", new Random(7), 20, 128, 1024);
        float[] expected = product.Multiply(Recipes[0]);
        using var stop = new CancellationTokenSource();
        int collections = 0;
        var collector = new Thread(() =>
        {
            for (; !stop.IsCancellationRequested; Interlocked.Increment(ref collections))
                GC.Collect();
        });
        collector.Start();
        try
        {
            SpinWait.SpinUntil(() => Volatile.Read(ref collections) > 0);
            foreach (var recipe in Recipes)
            {
                for (int i = 0; i < (recipe == Recipes[0] ? 1 : 5); i++)
                    product.Multiply(recipe).ShouldBe(expected);
            }
        }
        finally
        {
            stop.Cancel();
            collector.Join();
        }
        collections.ShouldBeGreaterThan(0);
    }

    [Fact]
    public void Products_allocate_nothing()
    {
        using var product = Int8Product.Random("Q4_K", new Random(8), 20, 100, 512);
        using var y = new Kernels.Guarded(20 * 100);
        foreach (var recipe in Recipes[1..])
        {
            using var prepared = product.Prepare(recipe, 0, 20);
            for (int i = 0; i < 2; i++)
            {
                long before = GC.GetAllocatedBytesForCurrentThread();
                recipe.Multiply(product.Layout, product.Panels, 7, prepared.Pointer, 20, y.Pointer, 100, 100, null);
                if (i > 0)
                    (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
            }
        }
    }

    [Theory]
    [InlineData(CallingConvention.SystemV)]
    [InlineData(CallingConvention.Windows)]
    internal void Every_tile_can_be_generated_on_any_machine(CallingConvention convention)
    {
        foreach (var set in new[] { InstructionSet.Avx2, InstructionSet.AvxVnni, InstructionSet.Avx512 })
        {
            foreach (var kind in PanelKind.All)
            {
                int rows = Int8Kernel.MostRows(set, kind), panels = Int8Kernel.MostPanels(set);
                string text = Disassembly.Text(new Int8Kernel(set, kind, rows, panels).Generate(convention));
                text.ShouldContain(set == InstructionSet.Avx2 ? "vpmaddubsw ymm" : set == InstructionSet.AvxVnni ? "vpdpbusd ymm" : "vpdpbusd zmm");
                text.Contains("zmm", StringComparison.Ordinal).ShouldBe(set == InstructionSet.Avx512);
                text.Contains("xmm15", StringComparison.Ordinal).ShouldBe(convention == CallingConvention.Windows);
            }
        }
    }

    private static int[] Bits(float[] values) => [.. values.Select(BitConverter.SingleToInt32Bits)];

    private static float[] Normal(Random random, int count) =>
        [.. Enumerable.Range(0, count).Select(_ => (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble())))];
}
