using System.Buffers.Binary;

namespace Ponder.Numerics.Formats;

/// <summary>
/// GGUF IQ2_XXS: 256 values in 8 groups of 32. Block: scale (float16), then for each group four bytes with points of the codebook and
/// a word with four times seven bits of signs and, on top, four bits of scale s: a value is <c>scale * (s + 0.5) / 4 * coordinate</c>.
/// </summary>
internal sealed class IQ2_XXS : BlockFormat
{
    public override string Name => "IQ2_XXS";
    public override int? GgufType => 16;
    public override int BlockSize => 256;
    public override int BlockBytes => 2 + 64;

    protected override void DecodeBlock(ReadOnlySpan<byte> block, Span<float> values)
    {
        float d = (float)BinaryPrimitives.ReadHalfLittleEndian(block);
        for (int group = 0; group < 8; group++)
        {
            var points = block.Slice(2 + group * 8, 4);
            uint word = BinaryPrimitives.ReadUInt32LittleEndian(block[(2 + group * 8 + 4)..]);
            float scale = d * (0.5f + (word >> 28)) * 0.25f;
            for (int i = 0; i < 4; i++)
                Signs.Apply(scale, Codebooks.Iq2Xxs[points[i]], Signs.FromSevenBits(word >> (7 * i)), values[(group * 32 + i * 8)..]);
        }
    }
}
