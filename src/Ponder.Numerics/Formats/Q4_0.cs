using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Ponder.Numerics.Kernels;

namespace Ponder.Numerics.Formats;

/// <summary>
/// GGUF Q4_0: 32 values as <c>scale * (q - 8)</c>, q of four bits. Block: scale (float16), 16 bytes;
/// byte i holds q of value i in its low half and of value i + 16 in its high half.
/// </summary>
internal sealed class Q4_0 : VectorFormat<Q4_0.Decoder>
{
    private const int Middle = 16;

    public override string Name => "Q4_0";
    public override int? GgufType => 2;
    public override int BlockSize => 2 * Middle;
    public override int BlockBytes => 2 + Middle;
    public override bool CanEncode => true;

    protected override void DecodeBlock(ReadOnlySpan<byte> block, Span<float> values)
    {
        float scale = (float)BinaryPrimitives.ReadHalfLittleEndian(block);
        for (int i = 0; i < Middle; i++)
        {
            values[i] = scale * ((block[2 + i] & 15) - 8);
            values[i + Middle] = scale * ((block[2 + i] >> 4) - 8);
        }
    }

    protected override void EncodeBlock(ReadOnlySpan<float> values, Span<byte> block)
    {
        float scale = Rounding.Extreme(values) / -8;
        double inverse = scale == 0 ? 0 : 1 / scale;
        BinaryPrimitives.WriteHalfLittleEndian(block, (Half)scale);
        for (int i = 0; i < Middle; i++)
        {
            int low = Rounding.Shifted(values[i] * inverse + 8.5, 15);
            int high = Rounding.Shifted(values[i + Middle] * inverse + 8.5, 15);
            block[2 + i] = (byte)(low | (high << 4));
        }
    }

    internal readonly unsafe struct Decoder : IBlockDecoder
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVec Visit<TLanes, TVec, TSink>(byte* block, float* values, TVec state)
            where TLanes : struct, ILanes<TVec>
            where TVec : struct
            where TSink : struct, IWeightSink
        {
            var scale = TLanes.Create(HalfScale.Read(block));
            var eight = TLanes.Create(8);
            for (int i = 0; i < Middle; i += TLanes.Count)
                state = TSink.Take<TLanes, TVec>(TLanes.Multiply(scale, TLanes.Subtract(TLanes.FromLowNibbles(block + 2 + i), eight)), values + i, state);
            for (int i = 0; i < Middle; i += TLanes.Count)
                state = TSink.Take<TLanes, TVec>(TLanes.Multiply(scale, TLanes.Subtract(TLanes.FromHighNibbles(block + 2 + i), eight)), values + i + Middle, state);
            return state;
        }
    }
}
