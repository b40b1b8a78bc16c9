using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Ponder.Numerics.Kernels;

namespace Ponder.Numerics.Formats;

/// <summary>IEEE binary16, little endian. Encoding rounds to nearest, ties to even; too large values become infinite.</summary>
internal sealed class F16 : VectorNumber<F16.Decoder>
{
    public override string Name => "F16";
    public override int? GgufType => 1;
    public override string SafetensorsType => "F16";
    public override int BlockBytes => 2;
    public override bool CanEncode => true;

    protected override void DecodeScalar(ReadOnlySpan<byte> blocks, Span<float> values)
    {
        var numbers = MemoryMarshal.Cast<byte, Half>(blocks);
        for (int i = 0; i < values.Length; i++)
            values[i] = (float)numbers[i];
    }

    protected override void EncodeScalar(ReadOnlySpan<float> values, Span<byte> blocks)
    {
        var numbers = MemoryMarshal.Cast<byte, Half>(blocks);
        for (int i = 0; i < values.Length; i++)
            numbers[i] = (Half)values[i];
    }

    internal readonly unsafe struct Decoder : INumberDecoder
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVec Decode<TLanes, TVec>(byte* numbers)
            where TLanes : struct, ILanes<TVec>
            where TVec : struct => TLanes.FromHalf((ushort*)numbers);
    }
}
