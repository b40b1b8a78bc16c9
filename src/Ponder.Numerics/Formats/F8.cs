namespace Ponder.Numerics.Formats;

/// <summary>
/// 8-bit floats of the paper "FP8 Formats for Deep Learning" (arXiv 2209.05433), decoded exactly: <c>F8_E4M3</c> has no infinities and
/// one NaN per sign (0x7F, 0xFF); <c>F8_E5M2</c> is the upper half of a binary16.
/// </summary>
internal sealed class F8 : NumberFormat
{
    private readonly float[] _values = new float[256];

    private F8(string name, Func<byte, float> value)
    {
        Name = name;
        for (int i = 0; i < 256; i++)
            _values[i] = value((byte)i);
    }

    public static F8 E4M3 { get; } = new("F8_E4M3", ValueOfE4M3);
    public static F8 E5M2 { get; } = new("F8_E5M2", bits => (float)BitConverter.UInt16BitsToHalf((ushort)(bits << 8)));

    public override string Name { get; }
    public override int? GgufType => null;
    public override string SafetensorsType => Name;
    public override int BlockSize => 1;
    public override int BlockBytes => 1;

    protected override void DecodeScalar(ReadOnlySpan<byte> blocks, Span<float> values)
    {
        for (int i = 0; i < values.Length; i++)
            values[i] = _values[blocks[i]];
    }

    private static float ValueOfE4M3(byte bits)
    {
        int exponent = (bits >> 3) & 15, fraction = bits & 7;
        float magnitude = (exponent, fraction) switch
        {
            (15, 7) => float.NaN,
            (0, _) => MathF.ScaleB(fraction, -9),
            _ => MathF.ScaleB(8 + fraction, exponent - 10),
        };
        return bits < 0x80 ? magnitude : -magnitude;
    }
}
