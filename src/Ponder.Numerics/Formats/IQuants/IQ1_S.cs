using System.Buffers.Binary;

namespace Ponder.Numerics.Formats;

/// <summary>
/// GGUF IQ1_S: 256 values in 8 groups of four runs of 8. Block: scale (float16), 32 bytes of lower index bits, for each group a word: four
/// times three upper index bits, three bits of scale s, the sign of the shift: a value is
/// <c>scale * (2 s + 1) * (coordinate ± 1/8)</c>.
/// </summary>
internal sealed class IQ1_S : BlockFormat
{
    private const int Words = 2 + 32;

    /// <summary>By how much IQ1_S and IQ1_M move the coordinates -1, 0, 1.</summary>
    internal const float Shift = 0.125f;

    public override string Name => "IQ1_S";
    public override int? GgufType => 19;
    public override int BlockSize => 256;
    public override int BlockBytes => Words + 16;

    protected override void DecodeBlock(ReadOnlySpan<byte> block, Span<float> values)
    {
        float d = (float)BinaryPrimitives.ReadHalfLittleEndian(block);
        for (int run = 0; run < 32; run++)
        {
            int word = BinaryPrimitives.ReadUInt16LittleEndian(block[(Words + run / 4 * 2)..]);
            var point = Codebooks.Iq1[block[2 + run] | ((word >> (run % 4 * 3)) & 7) << 8];
            float scale = d * (2 * ((word >> 12) & 7) + 1);
            float shift = (word & 0x8000) == 0 ? Shift : -Shift;
            for (int i = 0; i < 8; i++)
                values[run * 8 + i] = scale * (point[i] + shift);
        }
    }
}
