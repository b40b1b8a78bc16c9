using System.Buffers.Binary;

namespace Ponder.Numerics.Formats;

/// <summary>
/// GGUF IQ3_S: 256 values in 64 runs of 4. Block: scale (float16), 64 bytes of lower index bits, 8 bytes with the ninth bits, 32 bytes of
/// signs, 4 bytes with four bits of scale s for every 32 values: a value is <c>scale * (2 s + 1) * coordinate</c>.
/// </summary>
internal sealed class IQ3_S : BlockFormat
{
    private const int Ninth = 2 + 64;
    private const int SignBytes = Ninth + 8;
    private const int Scales = SignBytes + 32;

    public override string Name => "IQ3_S";
    public override int? GgufType => 21;
    public override int BlockSize => 256;
    public override int BlockBytes => Scales + 4;

    protected override void DecodeBlock(ReadOnlySpan<byte> block, Span<float> values)
    {
        float d = (float)BinaryPrimitives.ReadHalfLittleEndian(block);
        for (int run = 0; run < 64; run++)
        {
            int index = block[2 + run] | ((block[Ninth + run / 8] >> (run % 8)) & 1) << 8;
            float scale = d * (1 + 2 * ((block[Scales + run / 16] >> (run / 8 % 2 * 4)) & 15));
            Signs.Apply(scale, Codebooks.Iq3S[index], block[SignBytes + run / 2] >> (run % 2 * 4), values[(run * 4)..]);
        }
    }
}
