using System.Buffers.Binary;

namespace Ponder.Numerics.Formats;

/// <summary>
/// GGUF TQ1_0: 256 values as -1, 0 or 1 times a scale, five to a byte. Block: 32 bytes with five values each (value <c>32 k + i</c> is
/// digit k of byte i), 16 bytes with five values each, 4 bytes with four, scale (float16).
/// A byte holds its base-3 digits as a fraction of 256, first digit first: times 3, the next digit is what passes 255.
/// </summary>
internal sealed class TQ1_0 : BlockFormat
{
    private const int Scale = 32 + 16 + 4;

    public override string Name => "TQ1_0";
    public override int? GgufType => 34;
    public override int BlockSize => 256;
    public override int BlockBytes => Scale + 2;
    public override bool CanEncode => true;

    protected override void DecodeBlock(ReadOnlySpan<byte> block, Span<float> values)
    {
        float scale = (float)BinaryPrimitives.ReadHalfLittleEndian(block[Scale..]);
        Unpack(block[..32], 5, scale, values);
        Unpack(block[32..48], 5, scale, values[160..]);
        Unpack(block[48..52], 4, scale, values[240..]);
    }

    protected override void EncodeBlock(ReadOnlySpan<float> values, Span<byte> block)
    {
        Span<byte> trits = stackalloc byte[256];
        BinaryPrimitives.WriteHalfLittleEndian(block[Scale..], (Half)Rounding.Trits(values, trits));
        Pack(trits, 5, block[..32]);
        Pack(trits[160..], 5, block[32..48]);
        Pack(trits[240..], 4, block[48..52]);
    }

    private static void Unpack(ReadOnlySpan<byte> bytes, int digits, float scale, Span<float> values)
    {
        for (int i = 0; i < bytes.Length; i++)
        {
            byte rest = bytes[i];
            for (int digit = 0; digit < digits; digit++, rest = (byte)(rest * 3))
                values[digit * bytes.Length + i] = scale * ((rest * 3 >> 8) - 1);
        }
    }

    private static void Pack(ReadOnlySpan<byte> trits, int digits, Span<byte> bytes)
    {
        for (int i = 0; i < bytes.Length; i++)
        {
            int number = 0;
            for (int digit = 0; digit < 5; digit++)
                number = number * 3 + (digit < digits ? trits[digit * bytes.Length + i] : 0);
            bytes[i] = (byte)((number * 256 + 242) / 243);           // rounded up, so that no digit is lost on the way back
        }
    }
}
