using Ponder.Numerics.Memory;
using Ponder.Numerics.Panels.Int8;
using Ponder.Numerics.Tests.Kernels;

namespace Ponder.Numerics.Tests.Panels;

public sealed unsafe class RowQuantizerTests
{
    [Fact]
    public void Groups_are_what_plain_arithmetic_makes_of_them()
    {
        var random = new Random(1);
        for (int trial = 0; trial < 200; trial++)
        {
            float[] x = new float[32];
            float size = MathF.Pow(10, random.Next(-37, 37));
            foreach (ref float value in x.AsSpan())
                value = random.Next(8) == 0 ? 0 : (float)(random.NextDouble() * 2 - 1) * size;
            var group = Quantize(x);
            float largest = x.Max(MathF.Abs), inverse = 127 / largest;
            if (largest < RowQuantizer.Smallest)
                continue;
            int[] a = [.. x.Select(value => (int)MathF.Round(value * inverse, MidpointRounding.ToEven))];
            for (int i = 0; i < 32; i++)
                ((int)group.Values[i]).ShouldBe(a[i]);
            int sum = a.Sum();
            group.Scale.ShouldBe(largest / 127);
            group.Sum.ShouldBe(largest / 127 * sum);
            group.NegatedSum.ShouldBe(-(largest / 127 * sum));
            (group.Start128, group.Start16, group.Start8).ShouldBe((-128 * sum, -16 * sum, -8 * sum));
            (group.Start32First, group.Start32Last).ShouldBe((-32 * a[..16].Sum(), -32 * a[16..].Sum()));
        }
    }

    [Fact]
    public void Ties_go_to_the_even_number()
    {
        float[] x = new float[32];
        x[0] = 127;
        for (int i = 1; i < 32; i++)
            x[i] = i - 16.5f;
        var group = Quantize(x);
        for (int i = 1; i < 32; i++)
            (group.Values[i] % 2).ShouldBe(0);
    }

    [Theory]
    [InlineData(0f, 0f)]
    [InlineData(1e-40f, 0f)]
    [InlineData(float.NaN, float.NaN)]
    [InlineData(float.NegativeInfinity, float.NaN)]
    public void Groups_without_a_usable_scale_hold_zeros(float value, float scale)
    {
        float[] x = new float[32];
        x[9] = value;
        var group = Quantize(x);
        group.Scale.ShouldBe(scale);
        group.Sum.ShouldBe(scale);
        group.Start128.ShouldBe(0);
        for (int i = 0; i < 32; i++)
            group.Values[i].ShouldBe((sbyte)0);
    }

    [Theory]
    [InlineData(3.4e38f)]
    [InlineData(1.51e-36f)]
    public void The_ends_of_the_range_keep_their_precision(float value)
    {
        float[] x = new float[32];
        Array.Fill(x, -value);
        x[31] = value;
        var group = Quantize(x);
        ((int)group.Values[0], (int)group.Values[31]).ShouldBe((-127, 127));
        (group.Scale * 127).ShouldBe(value, value * 1e-6);
    }

    [Fact]
    public void Rows_lie_an_odd_number_of_lines_apart()
    {
        const int Rows = 3, K = 128;
        using var x = Guarded.Random(new Random(2), Rows * K);
        nint rowBytes = RowQuantizer.RowBytes(K);
        (rowBytes / 64 % 2).ShouldBe(1);
        using var prepared = new NativeBuffer<byte>(Rows * rowBytes);
        RowQuantizer.Quantize(x.Pointer, Rows, K, prepared.Pointer);
        for (int row = 0; row < Rows; row++)
        {
            for (int group = 0; group < K / 32; group++)
            {
                var expected = Quantize(x.Span.Slice(row * K + group * 32, 32));
                new ReadOnlySpan<byte>(prepared.Pointer + row * rowBytes + group * 64, 64).SequenceEqual(new ReadOnlySpan<byte>(&expected, 64)).ShouldBeTrue();
            }
        }
    }

    private static QuantizedGroup Quantize(ReadOnlySpan<float> values)
    {
        using var x = new Guarded(values);
        using var group = new NativeBuffer<QuantizedGroup>(1);
        RowQuantizer.Quantize(x.Pointer, 1, 32, (byte*)group.Pointer);
        return *group.Pointer;
    }
}
