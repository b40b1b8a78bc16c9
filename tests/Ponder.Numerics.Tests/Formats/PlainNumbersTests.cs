using System.Runtime.InteropServices;
using Ponder.Numerics.Formats;
using Ponder.Numerics.Kernels;

namespace Ponder.Numerics.Tests.Formats;

public sealed class PlainNumbersTests
{
    [Theory]
    [InlineData(0x00, 0f)]
    [InlineData(0x01, 0.001953125f)]            // the smallest subnormal number, 2^-9
    [InlineData(0x08, 0.015625f)]               // the smallest normal number, 2^-6
    [InlineData(0x38, 1f)]
    [InlineData(0x7E, 448f)]                    // the largest
    [InlineData(0x7F, float.NaN)]
    [InlineData(0xC0, -2f)]
    public void F8_E4M3_has_the_values_of_its_paper(byte bits, float expected) => Decode("F8_E4M3", bits).ShouldBe(expected);

    [Theory]
    [InlineData(0x01, 1.52587890625e-5f)]       // the smallest subnormal number, 2^-16
    [InlineData(0x3C, 1f)]
    [InlineData(0x7B, 57344f)]                  // the largest
    [InlineData(0x7C, float.PositiveInfinity)]
    [InlineData(0xFD, float.NaN)]
    [InlineData(0xC0, -2f)]
    public void F8_E5M2_has_the_values_of_its_paper(byte bits, float expected) => Decode("F8_E5M2", bits).ShouldBe(expected);

    [Fact]
    public void Integers_keep_their_sign_and_round_when_large()
    {
        Decode("I8", 0xFF).ShouldBe(-1);
        Decode("U8", 0xFF).ShouldBe(255);
        Decode("I16", 0x00, 0x80).ShouldBe(-32768);
        Decode("U32", 0xFF, 0xFF, 0xFF, 0xFF).ShouldBe(4294967296f);
        Decode("I64", 1, 0, 0, 0, 0, 0, 0, 0x80).ShouldBe(-9223372036854775808f);
        Decode("BOOL", 1).ShouldBe(1);
    }

    [Theory]
    [InlineData(0x3F808000u, 0x3F80)]           // a tie goes to the even neighbour
    [InlineData(0x3F818000u, 0x3F82)]
    [InlineData(0x3F808001u, 0x3F81)]
    [InlineData(0x7F7FFFFFu, 0x7F80)]           // rounds up to infinity
    [InlineData(0x7F800001u, 0x7FC0)]           // a NaN stays one
    public void BF16_rounds_to_nearest_even(uint value, int expected)
    {
        var bytes = new byte[2];
        NumberFormats.BF16.Encode([BitConverter.UInt32BitsToSingle(value)], bytes);
        BitConverter.ToUInt16(bytes).ShouldBe((ushort)expected);
    }

    [Fact]
    public void Every_float16_decodes_the_same_at_every_width()
    {
        var numbers = MemoryMarshal.AsBytes(Enumerable.Range(0, 65536).Select(i => (ushort)i).ToArray().AsSpan());
        var expected = new float[65536];
        var actual = new float[65536];
        NumberFormats.F16.Decode(numbers, expected);
        foreach (var width in VectorWidths.Available)
        {
            NumberFormats.F16.DecodeVector(width, numbers, actual);
            actual.ShouldBe(expected, $"{width}");
        }
    }

    [Theory]
    [InlineData("F16")]
    [InlineData("BF16")]
    public void Tails_shorter_than_a_vector_are_decoded_and_nothing_beyond(string name)
    {
        var format = NumberFormats.FromName(name)!;
        var numbers = new byte[2 * 40];
        for (int i = 0; i < numbers.Length; i++)
            numbers[i] = (byte)(i % 2 == 0 ? i : 0x3C);
        foreach (var width in VectorWidths.Available)
        {
            for (int count = 0; count <= 40; count++)
            {
                var expected = new float[count];
                var actual = new float[count + 1];
                format.Decode(numbers.AsSpan(0, 2 * count), expected);
                format.DecodeVector(width, numbers.AsSpan(0, 2 * count), actual.AsSpan(0, count));
                actual.ShouldBe([.. expected, 0f], $"{width} {count}");
            }
        }
    }

    private static float Decode(string name, params byte[] bytes)
    {
        var value = new float[1];
        NumberFormats.FromName(name)!.Decode(bytes, value);
        return value[0];
    }
}
