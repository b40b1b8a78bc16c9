using System.Buffers.Binary;

namespace Ponder.Numerics.Formats;

/// <summary>
/// GGUF Q8_K, for activations: 256 values as signed bytes. Block: scale (float32), 256 bytes, 16 sums (int16, not needed to decode).
/// </summary>
internal sealed class Q8_K : BlockFormat
{
    public override string Name => "Q8_K";
    public override int? GgufType => 15;
    public override int BlockSize => 256;
    public override int BlockBytes => 4 + 256 + 32;

    protected override void DecodeBlock(ReadOnlySpan<byte> block, Span<float> values)
    {
        float scale = BinaryPrimitives.ReadSingleLittleEndian(block);
        for (int i = 0; i < values.Length; i++)
            values[i] = scale * (sbyte)block[4 + i];
    }
}
