using FsCheck;
using FsCheck.Fluent;
using Ponder.Numerics.Kernels;

namespace Ponder.Numerics.Tests.Kernels;

public sealed unsafe class VectorAddTests
{
    [Fact]
    public void Every_width_gives_the_bits_of_plain_sums() =>
        Prop.ForAll(Gen.Choose(0, 200).ToArbitrary(), count =>
        {
            using var x = Guarded.Random(new Random(count), count);
            using var y = Guarded.Random(new Random(count + 1), count);
            float[] expected = [.. y.Span.ToArray().Zip(x.Span.ToArray(), (a, b) => a + b)];
            foreach (var width in VectorWidths.Available)
            {
                using var sum = new Guarded(y.Span);
                VectorAdd.Apply(width, x.Pointer, count, sum.Pointer);
                sum.Checked().ShouldBe(expected, $"{count} {width}");
            }
        }).QuickCheckThrowOnFailure();
}
