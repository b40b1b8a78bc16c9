using Ponder.Numerics.CodeGen;
using Ponder.Numerics.Memory;
using Ponder.Numerics.Panels.Tiles;

namespace Ponder.Numerics.Tests.Panels.Tiles;

public sealed unsafe class TileDecodeKernelTests
{
    public static TheoryData<string> Kinds => PanelSamples.KindNames;

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_decoded_tile_has_the_bits_of_its_specification(string kind)
    {
        if (!CpuFeatures.Avx512Bf16)
            return;
        int k = kind.EndsWith('K') ? 768 : 736;
        using var problem = new TileProblem(kind, 16, k, 1, seed: 7);
        var layout = problem.Layout;
        int first = 3, groups = layout.Groups - first;
        using var tiles = new NativeBuffer<byte>((groups + 1) * TileFormat.Bytes);
        tiles.Span.Fill(0x33);
        var arguments = new TileArguments { Panel = problem.Panels.Pointer, Tiles = tiles.Pointer, FirstGroup = first, Groups = groups };
        KernelCache.Get(new TileDecodeKernel(layout)).Run(&arguments);

        using var expected = new NativeBuffer<byte>(TileFormat.Bytes);
        for (int group = 0; group < groups; group++)
        {
            TileWeights.Decode(layout, problem.Panels.Pointer, first + group, (ushort*)expected.Pointer);
            tiles.Span.Slice(group * TileFormat.Bytes, TileFormat.Bytes).SequenceEqual(expected.Span).ShouldBeTrue($"group {first + group}");
        }
        tiles.Span[(groups * TileFormat.Bytes)..].ToArray().ShouldAllBe(value => value == 0x33);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_tile_holds_pairs_of_weights_in_the_order_of_its_columns(string kind)
    {
        using var problem = new TileProblem(kind, 16, 256, 1, seed: 8);
        var layout = problem.Layout;
        using var tile = new NativeBuffer<ushort>(TileFormat.Bytes / 2);
        for (int group = 0; group < layout.Groups; group++)
        {
            TileWeights.Decode(layout, problem.Panels.Pointer, group, tile.Pointer);
            for (int i = 0; i < 512; i++)
            {
                int output = TileFormat.Outputs[i / 2 % 16], k = group * 32 + i / 32 * 2 + i % 2;
                float exact = problem.Weights[output * 256 + k], decoded = BitConverter.UInt32BitsToSingle((uint)tile.Pointer[i] << 16);
                if (layout.Kind.HasMinimum)
                    decoded.ShouldBe(exact, Math.Abs(exact) / 256 + 1e-4);
                else
                    tile.Pointer[i].ShouldBe(TileRounding.Round(exact + 0f));     // no rounding but the last; a zero has lost its sign
            }
        }
    }

    [Fact]
    public void Columns_and_outputs_are_each_others_inverse()
    {
        for (int i = 0; i < 16; i++)
            TileFormat.Columns[TileFormat.Outputs[i]].ShouldBe((byte)i);
    }
}
