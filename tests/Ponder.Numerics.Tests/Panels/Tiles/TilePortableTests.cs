using Ponder.Numerics.Panels;
using Ponder.Numerics.Panels.Tiles;

namespace Ponder.Numerics.Tests.Panels.Tiles;

public sealed unsafe class TilePortableTests
{
    public static TheoryData<string> Kinds => [.. PanelKind.All.Select(kind => kind.Name), "BF16", "F16"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Products_are_near_those_of_exact_arithmetic(string kind)
    {
        const int K = 512, Outputs = 37, Rows = 5;
        using var problem = new TileProblem(kind, Outputs, K, Rows, seed: 3);
        float[] results = problem.Multiply(new TilePortable());
        double error = 0, size = 0;
        for (int row = 0; row < Rows; row++)
        {
            for (int output = 0; output < Outputs; output++)
            {
                double exact = 0;
                for (int k = 0; k < K; k++)
                    exact += (double)problem.Weights[output * K + k] * problem.X.Span[row * K + k];
                error += Math.Pow(results[row * Outputs + output] - exact, 2);
                size += exact * exact;
            }
        }
        Math.Sqrt(error / size).ShouldBeInRange(1e-5, 1e-2);     // an error of nothing would mean that nothing was rounded
    }

    [Fact]
    public void Even_and_odd_values_are_summed_apart_and_fused()
    {
        using var problem = new TileProblem("BF16", 16, 64, 1, seed: 4);
        problem.X.Span.Clear();
        ushort* tile = (ushort*)problem.Panels.Pointer;
        new Span<ushort>(tile, 2048 / 2).Clear();
        // Even: 2^24 + 1 is lost in 2^24, then -2^24 leaves 0. Odd: 3. The next step begins anew and adds 1.
        float[] weights = [1 << 24, 3, 1, 0, -(1 << 24), 0];
        for (int k = 0; k < weights.Length; k++)
            (problem.X.Span[k], tile[k / 2 * 32 + k % 2]) = (1, TileRounding.Round(weights[k]));
        (problem.X.Span[33], tile[512 + 1]) = (1, TileRounding.Round(1));
        problem.Multiply(new TilePortable())[0].ShouldBe(4);
    }

    [Fact]
    public void Subnormal_sources_and_results_are_zero()
    {
        using var problem = new TileProblem("BF16", 16, 32, 1, seed: 4);
        problem.X.Span.Clear();
        problem.Panels.Span.Clear();
        ushort* tile = (ushort*)problem.Panels.Pointer;
        (problem.X.Span[0], tile[0]) = (1e30f, 0x0040);                                                    // a subnormal weight
        (problem.X.Span[1], tile[1]) = (1e-30f, TileRounding.Round(1e-9f));                                // a subnormal product
        problem.Multiply(new TilePortable())[0].ShouldBe(0);
    }

    [Theory]
    [InlineData("Q4_K")]
    [InlineData("Q8_0")]
    public void A_row_does_not_depend_on_its_company(string kind)
    {
        using var problem = new TileProblem(kind, 20, 256, 130, seed: 5);
        float[] together = problem.Multiply(new TilePortable());
        foreach (int row in new[] { 0, 63, 64, 129 })
            problem.Multiply(new TilePortable(), row, 1).ShouldBe(together[(row * 20)..(row * 20 + 20)]);
    }
}
