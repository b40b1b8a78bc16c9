using System.Runtime.InteropServices;

namespace Ponder.Numerics.Formats;

/// <summary>IEEE binary64, little endian; decoding rounds to binary32.</summary>
internal sealed class F64 : NumberFormat
{
    public override string Name => "F64";
    public override int? GgufType => 28;
    public override string SafetensorsType => "F64";
    public override int BlockSize => 1;
    public override int BlockBytes => 8;
    public override bool CanEncode => true;

    protected override void DecodeScalar(ReadOnlySpan<byte> blocks, Span<float> values)
    {
        var numbers = MemoryMarshal.Cast<byte, double>(blocks);
        for (int i = 0; i < values.Length; i++)
            values[i] = (float)numbers[i];
    }

    protected override void EncodeScalar(ReadOnlySpan<float> values, Span<byte> blocks)
    {
        var numbers = MemoryMarshal.Cast<byte, double>(blocks);
        for (int i = 0; i < values.Length; i++)
            numbers[i] = values[i];
    }
}
