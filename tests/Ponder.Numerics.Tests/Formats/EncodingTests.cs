using FsCheck;
using FsCheck.Fluent;
using Ponder.Numerics.Formats;

namespace Ponder.Numerics.Tests.Formats;

public sealed class EncodingTests
{
    private static readonly float[] Extremes =
    [
        float.NaN, float.PositiveInfinity, float.NegativeInfinity, float.MaxValue, float.MinValue,
        float.Epsilon, -0f, 0f, 1e-40f, 65504, 1e9f,
    ];

    public static TheoryData<string> Encoders => [.. NumberFormats.All.Where(f => f.CanEncode).Select(f => f.Name)];

    public static TheoryData<string> Readers => [.. NumberFormats.All.Where(f => !f.CanEncode).Select(f => f.Name)];

    /// <summary>
    /// The bounds lie a little above what was measured; most of a coarse format's error is its grid. <c>again</c> bounds what a second
    /// trip adds: nothing where the scales are found again, little where a search finds others.
    /// </summary>
    [Theory]
    [InlineData("F32", 0, 0)]
    [InlineData("F64", 0, 0)]
    [InlineData("F16", 0.00025, 0)]
    [InlineData("BF16", 0.0018, 0)]
    [InlineData("Q8_0", 0.0055, 0)]
    [InlineData("Q4_0", 0.087, 0)]
    [InlineData("Q4_1", 0.079, 0)]
    [InlineData("Q5_0", 0.044, 0)]
    [InlineData("Q5_1", 0.039, 0)]
    [InlineData("Q2_K", 0.272, 0.002)]
    [InlineData("Q3_K", 0.145, 0.002)]
    [InlineData("Q4_K", 0.073, 0.005)]
    [InlineData("Q5_K", 0.037, 0.005)]
    [InlineData("Q6_K", 0.0176, 0.0001)]
    [InlineData("IQ4_NL", 0.0745, 0.002)]
    [InlineData("IQ4_XS", 0.0755, 0.002)]
    [InlineData("MXFP4", 0.114, 0)]
    [InlineData("TQ1_0", 0.82, 0)]
    [InlineData("TQ2_0", 0.82, 0)]
    public void Normal_values_come_back_within_the_error_of_the_format(string name, double bound, double again)
    {
        var format = NumberFormats.FromName(name)!;
        var values = Normal(65536, seed: 5);
        var once = RoundTrip(format, values);
        RelativeError(values, once).ShouldBeLessThanOrEqualTo(bound);
        RelativeError(once, RoundTrip(format, once)).ShouldBeLessThanOrEqualTo(again);
    }

    [Theory]
    [MemberData(nameof(Encoders))]
    public void Zeros_stay_zeros(string name)
    {
        var format = NumberFormats.FromName(name)!;
        RoundTrip(format, new float[2 * format.BlockSize]).ShouldAllBe(v => v == 0);
    }

    [Theory]
    [MemberData(nameof(Encoders))]
    public void One_value_among_zeros_keeps_its_place_and_sign(string name)
    {
        var format = NumberFormats.FromName(name)!;
        for (int i = 0; i < format.BlockSize; i++)
        {
            foreach (float value in new[] { 3f, -3f })
            {
                var values = new float[format.BlockSize];
                values[i] = value;
                var decoded = RoundTrip(format, values);
                decoded[i].ShouldBe(value, 0.2, $"{name} value {i}");
                decoded[i] = 0;
                decoded.ShouldAllBe(v => Math.Abs(v) < 0.2, $"{name} value {i}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Encoders))]
    public void Any_values_encode_and_decode_without_an_exception(string name)
    {
        var format = NumberFormats.FromName(name)!;
        var value = Gen.Frequency(
            (3, ArbMap.Default.GeneratorFor<float>()),
            (1, Gen.Elements(Extremes)),
            (1, Gen.Constant(0f)),
            (3, Gen.Choose(-1000, 1000).Select(i => i / 250f)));
        var rows =
            from blocks in Gen.Choose(0, 3)
            from values in value.ArrayOf(blocks * format.BlockSize)
            select values;
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(30), Prop.ForAll(rows.ToArbitrary(), values =>
        {
            RoundTrip(format, values);
        }));
    }

    [Theory]
    [MemberData(nameof(Encoders))]
    public void Finite_values_miss_by_less_than_the_range_of_their_block(string name)
    {
        var format = NumberFormats.FromName(name)!;
        var rows =
            from scale in Gen.Choose(-10, 10)
            from values in Gen.Choose(-1000, 1000).ArrayOf(format.BlockSize)
            select Array.ConvertAll(values, v => MathF.ScaleB(v / 1000f, scale));
        float most = name == "Q2_K" ? 0.75f : 0.51f;            // with four codes, it pays to cut off what stands alone
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(30), Prop.ForAll(rows.ToArbitrary(), values =>
        {
            var decoded = RoundTrip(format, values);
            float largest = values.Max(MathF.Abs);
            return values.Zip(decoded).All(p => MathF.Abs(p.First - p.Second) <= most * largest);
        }));
    }

    [Theory]
    [MemberData(nameof(Encoders))]
    public void Lengths_that_do_not_fit_are_refused(string name)
    {
        var format = NumberFormats.FromName(name)!;
        int size = format.BlockSize, bytes = format.BlockBytes;
        Should.Throw<ArgumentException>(() => format.Encode(new float[size], new byte[bytes - 1])).Message.ShouldContain(name);
        Should.Throw<ArgumentException>(() => format.Encode(new float[2 * size], new byte[bytes]));
        Should.Throw<ArgumentException>(() => format.Decode(new byte[bytes + 1], new float[size]));
        if (size > 1)
            Should.Throw<ArgumentException>(() => format.Encode(new float[size + 1], new byte[bytes]));
    }

    [Theory]
    [MemberData(nameof(Readers))]
    public void A_format_that_is_only_read_says_so(string name)
    {
        var format = NumberFormats.FromName(name)!;
        Should.Throw<NotSupportedException>(() => format.Encode(new float[format.BlockSize], new byte[format.BlockBytes]))
            .Message.ShouldBe($"Ponder reads {name} but does not write it.");
    }

    private static float[] RoundTrip(NumberFormat format, float[] values)
    {
        var blocks = new byte[format.BytesOf(values.Length)];
        var decoded = new float[values.Length];
        format.Encode(values, blocks);
        format.Decode(blocks, decoded);
        return decoded;
    }

    private static float[] Normal(int count, int seed)
    {
        var random = new System.Random(seed);
        var values = new float[count];
        for (int i = 0; i < count; i++)
            values[i] = (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
        return values;
    }

    private static double RelativeError(float[] expected, float[] actual)
    {
        double error = 0, total = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            error += Math.Pow(expected[i] - actual[i], 2);
            total += Math.Pow(expected[i], 2);
        }
        return Math.Sqrt(error / total);
    }
}
