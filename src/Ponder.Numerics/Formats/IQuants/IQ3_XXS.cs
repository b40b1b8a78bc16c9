using System.Buffers.Binary;

namespace Ponder.Numerics.Formats;

/// <summary>
/// GGUF IQ3_XXS: 256 values in 8 groups of 32. Block: scale (float16), 64 codebook indices of 4 values each, for each group a word with
/// four times seven bits of signs and, on top, four bits of scale s: a value is <c>scale * (s + 0.5) / 2 * coordinate</c>.
/// </summary>
internal sealed class IQ3_XXS : BlockFormat
{
    private const int Words = 2 + 64;

    public override string Name => "IQ3_XXS";
    public override int? GgufType => 18;
    public override int BlockSize => 256;
    public override int BlockBytes => Words + 32;

    protected override void DecodeBlock(ReadOnlySpan<byte> block, Span<float> values)
    {
        float d = (float)BinaryPrimitives.ReadHalfLittleEndian(block);
        for (int run = 0; run < 32; run++)
        {
            uint word = BinaryPrimitives.ReadUInt32LittleEndian(block[(Words + run / 4 * 4)..]);
            float scale = d * (0.5f + (word >> 28)) * 0.5f;
            int signs = Signs.FromSevenBits(word >> (run % 4 * 7));
            Signs.Apply(scale, Codebooks.Iq3Xxs[block[2 + run * 2]], signs, values[(run * 8)..]);
            Signs.Apply(scale, Codebooks.Iq3Xxs[block[3 + run * 2]], signs >> 4, values[(run * 8 + 4)..]);
        }
    }
}
