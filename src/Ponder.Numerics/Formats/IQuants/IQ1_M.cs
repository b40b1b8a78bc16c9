using System.Buffers.Binary;

namespace Ponder.Numerics.Formats;

/// <summary>
/// GGUF IQ1_M: 256 values in 32 runs of 8. Block: 32 bytes of lower index bits; 16 bytes with, for each run, three upper index bits and
/// the sign of the shift; four words with four times three bits of scale s (one for every two runs), whose top four bits together,
/// lowest first, are the scale as float16. A value is <c>scale * (2 s + 1) * (coordinate ± 1/8)</c>.
/// </summary>
internal sealed class IQ1_M : BlockFormat
{
    private const int Upper = 32;
    private const int Words = Upper + 16;

    public override string Name => "IQ1_M";
    public override int? GgufType => 29;
    public override int BlockSize => 256;
    public override int BlockBytes => Words + 8;

    protected override void DecodeBlock(ReadOnlySpan<byte> block, Span<float> values)
    {
        int bits = 0;
        for (int i = 0; i < 4; i++)
            bits |= BinaryPrimitives.ReadUInt16LittleEndian(block[(Words + i * 2)..]) >> 12 << (i * 4);
        float d = (float)BitConverter.UInt16BitsToHalf((ushort)bits);
        for (int run = 0; run < 32; run++)
        {
            int word = BinaryPrimitives.ReadUInt16LittleEndian(block[(Words + run / 8 * 2)..]);
            int upper = block[Upper + run / 2] >> (run % 2 * 4);
            var point = Codebooks.Iq1[block[run] | (upper & 7) << 8];
            float scale = d * (2 * ((word >> (run / 2 % 4 * 3)) & 7) + 1);
            float shift = (upper & 8) == 0 ? IQ1_S.Shift : -IQ1_S.Shift;
            for (int i = 0; i < 8; i++)
                values[run * 8 + i] = scale * (point[i] + shift);
        }
    }
}
