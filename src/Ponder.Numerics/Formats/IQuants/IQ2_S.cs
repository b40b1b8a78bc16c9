using System.Buffers.Binary;

namespace Ponder.Numerics.Formats;

/// <summary>
/// GGUF IQ2_S: 256 values in 32 runs of 8. Block: scale (float16), 32 bytes of lower index bits, 32 bytes of signs, 8 bytes with the
/// upper two index bits of four runs each, 8 bytes with four bits of scale s for every two runs: a value is
/// <c>scale * (s + 0.5) / 4 * coordinate</c>.
/// </summary>
internal sealed class IQ2_S : BlockFormat
{
    private const int SignBytes = 2 + 32;
    private const int Upper = SignBytes + 32;
    private const int Scales = Upper + 8;

    public override string Name => "IQ2_S";
    public override int? GgufType => 22;
    public override int BlockSize => 256;
    public override int BlockBytes => Scales + 8;

    protected override void DecodeBlock(ReadOnlySpan<byte> block, Span<float> values)
    {
        float d = (float)BinaryPrimitives.ReadHalfLittleEndian(block);
        for (int run = 0; run < 32; run++)
        {
            int index = block[2 + run] | ((block[Upper + run / 4] >> (run % 4 * 2)) & 3) << 8;
            float scale = d * (0.5f + ((block[Scales + run / 4] >> (run / 2 % 2 * 4)) & 15)) * 0.25f;
            Signs.Apply(scale, Codebooks.Iq2S[index], block[SignBytes + run], values[(run * 8)..]);
        }
    }
}
