using System.Buffers.Binary;

namespace Ponder.Numerics.Formats;

/// <summary>
/// GGUF Q8_1: Q8_0 with the scaled sum of the block beside the scale, for activations.
/// Block: scale (float16), sum (float16, not needed to decode), 32 signed bytes.
/// </summary>
internal sealed class Q8_1 : BlockFormat
{
    public override string Name => "Q8_1";
    public override int? GgufType => 9;
    public override int BlockSize => 32;
    public override int BlockBytes => 2 + 2 + 32;

    protected override void DecodeBlock(ReadOnlySpan<byte> block, Span<float> values)
    {
        float scale = (float)BinaryPrimitives.ReadHalfLittleEndian(block);
        for (int i = 0; i < values.Length; i++)
            values[i] = scale * (sbyte)block[4 + i];
    }
}
