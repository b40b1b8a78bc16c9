using System.Buffers.Binary;

namespace Ponder.Numerics.Formats;

/// <summary>
/// GGUF IQ2_XS: 256 values in 32 runs of 8. Block: scale (float16), for each run a word with nine bits of codebook index and seven bits
/// of signs, 8 bytes with four bits of scale s for every two runs: a value is <c>scale * (s + 0.5) / 4 * coordinate</c>.
/// </summary>
internal sealed class IQ2_XS : BlockFormat
{
    private const int Scales = 2 + 64;

    public override string Name => "IQ2_XS";
    public override int? GgufType => 17;
    public override int BlockSize => 256;
    public override int BlockBytes => Scales + 8;

    protected override void DecodeBlock(ReadOnlySpan<byte> block, Span<float> values)
    {
        float d = (float)BinaryPrimitives.ReadHalfLittleEndian(block);
        for (int run = 0; run < 32; run++)
        {
            int word = BinaryPrimitives.ReadUInt16LittleEndian(block[(2 + run * 2)..]);
            float scale = d * (0.5f + ((block[Scales + run / 4] >> (run / 2 % 2 * 4)) & 15)) * 0.25f;
            Signs.Apply(scale, Codebooks.Iq2Xs[word & 511], Signs.FromSevenBits((uint)word >> 9), values[(run * 8)..]);
        }
    }
}
