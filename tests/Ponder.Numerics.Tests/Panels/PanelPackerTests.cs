using Ponder.Numerics.Formats;
using Ponder.Numerics.Panels;

namespace Ponder.Numerics.Tests.Panels;

public sealed unsafe class PanelPackerTests
{
    public static TheoryData<string> Kinds => PanelSamples.KindNames;

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_packed_weight_has_the_bits_that_its_format_decodes_to(string name)
    {
        var format = NumberFormats.FromName(name)!;
        foreach (var (rows, k) in new[] { (16, 256), (21, 512), (1, 768), (32, 256 + format.BlockSize) })
        {
            var layout = new PanelLayout(PanelSamples.KindOf(name), k);
            byte[] blocks = PanelSamples.RandomBlocks(new Random(rows), format, rows * k);
            float[] expected = new float[rows * k];
            format.Decode(blocks, expected);
            using var packed = PanelSamples.Pack(layout, blocks, rows);
            for (int row = 0; row < rows; row++)
            {
                for (int i = 0; i < k; i++)
                {
                    float weight = PanelDecoder.Weight(layout, packed.Pointer + row / 16 * layout.Bytes, row % 16, i);
                    BitConverter.SingleToInt32Bits(weight).ShouldBe(BitConverter.SingleToInt32Bits(expected[row * k + i]), $"{rows}x{k}: row {row}, {i}");
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Outputs_without_a_row_weigh_nothing(string name)
    {
        var format = NumberFormats.FromName(name)!;
        var layout = new PanelLayout(PanelSamples.KindOf(name), 256);
        using var packed = PanelSamples.Pack(layout, PanelSamples.RandomBlocks(new Random(1), format, 3 * 256), 3);
        for (int output = 3; output < PanelLayout.Columns; output++)
        {
            for (int i = 0; i < 256; i++)
                PanelDecoder.Weight(layout, packed.Pointer, output, i).ShouldBe(0);
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Planes_follow_each_other_to_the_end_of_a_panel(string name)
    {
        var layout = new PanelLayout(PanelSamples.KindOf(name), 512);
        long[] starts = [PanelLayout.D, layout.M, layout.Sc, layout.Mn, layout.Q, layout.H, layout.Bytes];
        starts.ShouldBe(starts.Order());
        starts.ShouldAllBe(start => start % 64 == 0);
        // The blocks' own bytes, padded where scales do not fill a line: no plane is missing and none is too long.
        layout.Bytes.ShouldBeInRange(16 * NumberFormats.FromName(name)!.BytesOf(512), 16 * NumberFormats.FromName(name)!.BytesOf(512) * 11 / 10);
    }
}
