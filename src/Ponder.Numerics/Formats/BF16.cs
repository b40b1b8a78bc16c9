using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Ponder.Numerics.Kernels;

namespace Ponder.Numerics.Formats;

/// <summary>bfloat16: the upper half of a binary32, little endian. Encoding rounds to nearest, ties to even.</summary>
internal sealed class BF16 : VectorNumber<BF16.Decoder>
{
    public override string Name => "BF16";
    public override int? GgufType => 30;
    public override string SafetensorsType => "BF16";
    public override int BlockBytes => 2;
    public override bool CanEncode => true;

    protected override void DecodeScalar(ReadOnlySpan<byte> blocks, Span<float> values)
    {
        var numbers = MemoryMarshal.Cast<byte, ushort>(blocks);
        for (int i = 0; i < values.Length; i++)
            values[i] = BitConverter.UInt32BitsToSingle((uint)numbers[i] << 16);
    }

    protected override void EncodeScalar(ReadOnlySpan<float> values, Span<byte> blocks)
    {
        var numbers = MemoryMarshal.Cast<byte, ushort>(blocks);
        for (int i = 0; i < values.Length; i++)
        {
            uint bits = BitConverter.SingleToUInt32Bits(values[i]);
            numbers[i] = float.IsNaN(values[i])
                ? (ushort)((bits >> 16) | 0x40)                                  // quiet, so that a NaN whose payload is cut stays one
                : (ushort)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
        }
    }

    internal readonly unsafe struct Decoder : INumberDecoder
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVec Decode<TLanes, TVec>(byte* numbers)
            where TLanes : struct, ILanes<TVec>
            where TVec : struct => TLanes.FromBFloat16((ushort*)numbers);
    }
}
