using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Ponder.Numerics.Kernels;

namespace Ponder.Numerics.Formats;

/// <summary>
/// GGUF Q4_1: 32 values as <c>scale * q + least</c>, q of four bits. Block: scale and least (float16), 16 bytes laid out as in Q4_0.
/// </summary>
internal sealed class Q4_1 : VectorFormat<Q4_1.Decoder>
{
    private const int Middle = 16;

    public override string Name => "Q4_1";
    public override int? GgufType => 3;
    public override int BlockSize => 2 * Middle;
    public override int BlockBytes => 4 + Middle;
    public override bool CanEncode => true;

    protected override void DecodeBlock(ReadOnlySpan<byte> block, Span<float> values)
    {
        float scale = (float)BinaryPrimitives.ReadHalfLittleEndian(block);
        float least = (float)BinaryPrimitives.ReadHalfLittleEndian(block[2..]);
        for (int i = 0; i < Middle; i++)
        {
            values[i] = scale * (block[4 + i] & 15) + least;
            values[i + Middle] = scale * (block[4 + i] >> 4) + least;
        }
    }

    protected override void EncodeBlock(ReadOnlySpan<float> values, Span<byte> block)
    {
        var (least, greatest) = Rounding.Range(values);
        float scale = (greatest - least) / 15;
        float inverse = scale == 0 ? 0 : 1 / scale;
        BinaryPrimitives.WriteHalfLittleEndian(block, (Half)scale);
        BinaryPrimitives.WriteHalfLittleEndian(block[2..], (Half)least);
        for (int i = 0; i < Middle; i++)
        {
            int low = Rounding.Shifted((values[i] - least) * inverse + 0.5f, 15);
            int high = Rounding.Shifted((values[i + Middle] - least) * inverse + 0.5f, 15);
            block[4 + i] = (byte)(low | (high << 4));
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
            var least = TLanes.Create(HalfScale.Read(block + 2));
            for (int i = 0; i < Middle; i += TLanes.Count)
                state = TSink.Take<TLanes, TVec>(TLanes.Add(TLanes.Multiply(scale, TLanes.FromLowNibbles(block + 4 + i)), least), values + i, state);
            for (int i = 0; i < Middle; i += TLanes.Count)
                state = TSink.Take<TLanes, TVec>(TLanes.Add(TLanes.Multiply(scale, TLanes.FromHighNibbles(block + 4 + i)), least), values + i + Middle, state);
            return state;
        }
    }
}
