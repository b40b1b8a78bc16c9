using Ponder.Numerics.Formats;
using Ponder.Numerics.Kernels;

namespace Ponder.Numerics.Tests.Formats;

public sealed class VectorDecodingTests
{
    public static TheoryData<string> FormatNames => [.. NumberFormats.All.Select(f => f.Name)];

    [Theory]
    [MemberData(nameof(FormatNames))]
    public void Every_vector_width_gives_the_bits_of_the_scalar_reference(string name)
    {
        var format = NumberFormats.FromName(name)!;
        var random = new Random(1);
        var blocks = new byte[Math.Max(1, 512 / format.BlockSize) * format.BlockBytes];
        random.NextBytes(blocks);
        var expected = new float[blocks.Length / format.BlockBytes * format.BlockSize];
        format.Decode(blocks, expected);
        foreach (var width in VectorWidths.Available)
        {
            var actual = new float[expected.Length];
            format.DecodeVector(width, blocks, actual);
            for (int i = 0; i < actual.Length; i++)
            {
                if (!float.IsNaN(expected[i]) || !float.IsNaN(actual[i]))
                    BitConverter.SingleToInt32Bits(actual[i]).ShouldBe(BitConverter.SingleToInt32Bits(expected[i]), $"{name} {width} value {i}");
            }
        }
    }
}
