using Ponder.Numerics.Formats;
using Ponder.Numerics.Panels.Tiles;

namespace Ponder.Numerics.Tests.Panels.Tiles;

public sealed unsafe class TileRoundingTests
{
    [Fact]
    public void Rounds_to_nearest_even_keeps_nan_and_drops_subnormals()
    {
        Check(0x3F808000, 0x3F80);      // ties to even, down
        Check(0x3F818000, 0x3F82);      // and up
        Check(0x3F808001, 0x3F81);
        Check(0x7F7FFFFF, 0x7F80);      // beyond the largest: infinity
        Check(0xFF800000, 0xFF80);
        Check(0x7F800001, 0x7FC0);      // a NaN whose payload would be cut off
        Check(0xFFFFFFFF, 0xFFFF);
        Check(0x007FFFFF, 0x0000);
        Check(0x80400000, 0x8000);
        Check(0x00800000, 0x0080);

        static void Check(uint bits, ushort expected) => TileRounding.Round(BitConverter.UInt32BitsToSingle(bits)).ShouldBe(expected, $"{bits:x8}");
    }

    [Fact]
    public void Vectors_round_as_single_numbers_do()
    {
        var random = new Random(1);
        float[] values = new float[4096];
        for (int i = 0; i < values.Length; i++)
        {
            int bits = random.Next(int.MinValue, int.MaxValue);
            bits = (i % 3) switch { 0 => bits & ~0x7F800000, 1 => bits | 0x7F800000, _ => bits };      // subnormal numbers, NaNs, any
            values[i] = BitConverter.Int32BitsToSingle(bits);
        }
        ushort[] rounded = new ushort[values.Length];
        fixed (float* source = values)
        fixed (ushort* target = rounded)
            TileRounding.Round(source, values.Length, target);
        rounded.ShouldBe(values.Select(TileRounding.Round));
    }

    [Fact]
    public void Normal_numbers_round_as_in_files()
    {
        var random = new Random(2);
        float[] values = [.. Enumerable.Range(0, 1024).Select(_ => (float)(random.NextDouble() - 0.5))];
        byte[] encoded = new byte[2048];
        NumberFormats.BF16.Encode(values, encoded);
        for (int i = 0; i < values.Length; i++)
            TileRounding.Round(values[i]).ShouldBe(BitConverter.ToUInt16(encoded, 2 * i));
    }
}
