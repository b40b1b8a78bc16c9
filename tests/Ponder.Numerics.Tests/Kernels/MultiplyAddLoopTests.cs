using Ponder.Numerics.Kernels;

namespace Ponder.Numerics.Tests.Kernels;

public sealed class MultiplyAddLoopTests
{
    [Fact]
    public void Every_width_computes_all_its_sums_and_counts_them()
    {
        foreach (var width in VectorWidths.Available)
        {
            double operations = MultiplyAddLoop.Run(width, 100, out float result);
            double lanes = operations / (2 * 12 * 100);
            lanes.ShouldBe(width == VectorWidth.Scalar ? 1 : int.Parse(VectorWidths.NameOf(width)) / 32);
            result.ShouldBe((float)(2 * 12 * lanes), 0.001f);       // each of twelve sums goes to 2 in every lane
        }
    }
}
