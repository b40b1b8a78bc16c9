using Ponder.Numerics.CodeGen;
using Ponder.Numerics.Memory;
using Ponder.Numerics.Panels;
using Ponder.Numerics.Panels.Tiles;

namespace Ponder.Numerics.Tests.Panels.Tiles;

public sealed unsafe class TileRecipeTests
{
    public static TheoryData<string> Kinds => [.. PanelKind.All.Select(kind => kind.Name), "BF16", "F16"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Emulated_tiles_give_the_bits_of_the_portable_recipe(string kind)
    {
        var random = new Random(11);
        int step = kind.EndsWith('K') ? 256 : 32;
        foreach (int rows in new[] { 1, random.Next(2, 17), random.Next(17, 32), random.Next(33, 41) })
        {
            using var problem = new TileProblem(kind, random.Next(1, 50), step * random.Next(1, 512 / step + 1), rows, seed: rows);
            var convention = rows % 2 == 0 ? CallingConvention.Windows : CallingConvention.SystemV;
            string what = $"{rows} rows, {problem.Outputs} outputs, K {problem.Layout.K}";
            Same(new EmulatedTiles(convention).Multiply(problem), problem.Multiply(new TilePortable()), what);
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Tiles_of_this_machine_give_the_bits_of_the_portable_recipe(string kind)
    {
        if (!CpuFeatures.Amx)
            return;
        (int, int, int)[] shapes = [(1, 80, 2048), (7, 300, 512), (16, 17, 256), (23, 33, 768), (32, 16, 1024), (100, 290, 2560), (1030, 40, 512)];
        foreach (var (rows, outputs, k) in shapes)
        {
            using var problem = new TileProblem(kind, outputs, k, rows, seed: rows);
            Same(problem.Multiply(new TileRecipe()), problem.Multiply(new TilePortable()), $"{rows} rows, {outputs} outputs, K {k}");
        }
    }

    [Theory]
    [InlineData("Q6_K", 32, "stream")]
    [InlineData("Q6_K", 33, "decode product")]
    [InlineData("BF16", 1, "product")]
    [InlineData("BF16", 33, "product")]
    public void A_batch_takes_the_kernels_that_it_is_meant_to(string kind, int rows, string kernels)
    {
        using var problem = new TileProblem(kind, 33, 256, rows, seed: 1);
        var tiles = new EmulatedTiles(CallingConvention.SystemV);
        tiles.Multiply(problem);
        string.Join(' ', tiles.Ran).ShouldBe(kernels);
    }

    [Fact]
    public void A_row_does_not_depend_on_its_company()
    {
        using var problem = new TileProblem("Q5_K", 40, 512, 70, seed: 5);
        var tiles = new EmulatedTiles(CallingConvention.SystemV);
        float[] together = tiles.Multiply(problem);
        foreach (var (first, count) in new[] { (0, 1), (69, 1), (40, 20), (3, 33) })
            Same(tiles.Multiply(problem, first, count), together[(first * 40)..((first + count) * 40)], $"{count} rows from {first}");
    }

    [Theory]
    [InlineData("Q4_0")]
    [InlineData("BF16")]
    public void Blocks_of_panels_and_K_change_nothing(string kind)
    {
        // More panels and groups than one block holds, and more rows than one pass takes.
        using var problem = new TileProblem(kind, 16 * (TileBlocking.MaxPanels + 1) + 5, 32 * (TileBlocking.BlockGroups + 9), 34, seed: 6);
        Same(new EmulatedTiles(CallingConvention.SystemV).Multiply(problem), problem.Multiply(new TilePortable()), "blocks");
    }

    [Fact]
    public void Rows_beyond_a_block_begin_a_new_one()
    {
        using var problem = new TileProblem("Q4_0", 3, 32, TileBlocking.MaxRows + 33, seed: 6);
        Same(new EmulatedTiles(CallingConvention.SystemV).Multiply(problem), problem.Multiply(new TilePortable()), "rows");
    }

    [Theory]
    [InlineData(32)]
    [InlineData(1024)]
    [InlineData(2048)]
    [InlineData(4096)]
    [InlineData(5632)]
    public void Prepared_rows_are_an_odd_number_of_cache_lines(int k)
    {
        nint bytes = new TileRecipe().RowBytes(k);
        (bytes % 128).ShouldBe(64);
        bytes.ShouldBeInRange(2 * k, 2 * k + 64);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(40)]
    public void Products_allocate_nothing(int rows)
    {
        using var problem = new TileProblem("Q4_K", 40, 512, rows, seed: 1);
        var recipe = new TileRecipe(_ => _ => { });
        using var prepared = new NativeBuffer<byte>(rows * recipe.RowBytes(512));
        using var scratch = new NativeBuffer<byte>(recipe.ScratchBytes(problem.Layout));
        using var y = new NativeBuffer<float>(rows * 40);
        Multiply();
        long before = GC.GetAllocatedBytesForCurrentThread();
        Multiply();
        GC.GetAllocatedBytesForCurrentThread().ShouldBe(before);

        void Multiply() =>
            recipe.Multiply(problem.Layout, problem.Panels.Pointer, 3, prepared.Pointer, rows, y.Pointer, 40, 40, scratch.Pointer);
    }

    [Fact]
    public void Kernels_of_wide_matrices_can_be_assembled()
    {
        var layout = new PanelLayout(PanelKind.Q5_K, 256 * 1024);
        new TileStreamKernel(layout, new TileShape(2, 2)).Generate(CallingConvention.Windows).ShouldNotBeEmpty();
        new TileProductKernel(layout.K, TileBlocking.DecodedBytes, new TileShape(2, 2), true).Generate(CallingConvention.Windows).ShouldNotBeEmpty();
    }

    private static void Same(float[] results, float[] expected, string what)
    {
        results.Length.ShouldBe(expected.Length);
        for (int i = 0; i < results.Length; i++)
            BitConverter.SingleToInt32Bits(results[i]).ShouldBe(BitConverter.SingleToInt32Bits(expected[i]), $"{what}: result {i}");
    }
}
