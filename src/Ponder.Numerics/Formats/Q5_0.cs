using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Ponder.Numerics.Kernels;

namespace Ponder.Numerics.Formats;

/// <summary>
/// GGUF Q5_0: 32 values as <c>scale * (q - 16)</c>, q of five bits. Block: scale (float16), 32 fifth bits (bit i for value i),
/// 16 bytes with the lower four bits laid out as in Q4_0.
/// </summary>
internal sealed class Q5_0 : VectorFormat<Q5_0.Decoder>
{
    private const int Middle = 16;

    public override string Name => "Q5_0";
    public override int? GgufType => 6;
    public override int BlockSize => 2 * Middle;
    public override int BlockBytes => 2 + 4 + Middle;
    public override bool CanEncode => true;

    protected override void DecodeBlock(ReadOnlySpan<byte> block, Span<float> values)
    {
        float scale = (float)BinaryPrimitives.ReadHalfLittleEndian(block);
        uint fifth = BinaryPrimitives.ReadUInt32LittleEndian(block[2..]);
        for (int i = 0; i < Middle; i++)
        {
            values[i] = scale * ((block[6 + i] & 15) + (int)((fifth >> i) & 1) * 16 - 16);
            values[i + Middle] = scale * ((block[6 + i] >> 4) + (int)((fifth >> (i + Middle)) & 1) * 16 - 16);
        }
    }

    protected override void EncodeBlock(ReadOnlySpan<float> values, Span<byte> block)
    {
        float scale = Rounding.Extreme(values) / -16;
        double inverse = scale == 0 ? 0 : 1 / scale;
        uint fifth = 0;
        for (int i = 0; i < Middle; i++)
        {
            int low = Rounding.Shifted(values[i] * inverse + 16.5, 31);
            int high = Rounding.Shifted(values[i + Middle] * inverse + 16.5, 31);
            block[6 + i] = (byte)((low & 15) | (high << 4));
            fifth |= (uint)(low >> 4) << i | (uint)(high >> 4) << (i + Middle);
        }
        BinaryPrimitives.WriteHalfLittleEndian(block, (Half)scale);
        BinaryPrimitives.WriteUInt32LittleEndian(block[2..], fifth);
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
            uint fifth = Unsafe.ReadUnaligned<uint>(block + 2);
            var sixteen = TLanes.Create(16);
            // q - 16 without the fifth bit's own weight: 16 is taken away exactly where the bit is clear.
            for (int i = 0; i < Middle; i += TLanes.Count)
            {
                var low = TLanes.Subtract(TLanes.FromLowNibbles(block + 6 + i), TLanes.Keep(sixteen, ~fifth >> i));
                state = TSink.Take<TLanes, TVec>(TLanes.Multiply(scale, low), values + i, state);
            }
            for (int i = 0; i < Middle; i += TLanes.Count)
            {
                var high = TLanes.Subtract(TLanes.FromHighNibbles(block + 6 + i), TLanes.Keep(sixteen, ~fifth >> (i + Middle)));
                state = TSink.Take<TLanes, TVec>(TLanes.Multiply(scale, high), values + i + Middle, state);
            }
            return state;
        }
    }
}
