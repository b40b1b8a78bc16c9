using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Ponder.Numerics.Kernels;

namespace Ponder.Numerics.Formats;

/// <summary>
/// GGUF Q5_1: 32 values as <c>scale * q + least</c>, q of five bits. Block: scale and least (float16), then fifth bits and
/// lower bits as in Q5_0.
/// </summary>
internal sealed class Q5_1 : VectorFormat<Q5_1.Decoder>
{
    private const int Middle = 16;

    public override string Name => "Q5_1";
    public override int? GgufType => 7;
    public override int BlockSize => 2 * Middle;
    public override int BlockBytes => 4 + 4 + Middle;
    public override bool CanEncode => true;

    protected override void DecodeBlock(ReadOnlySpan<byte> block, Span<float> values)
    {
        float scale = (float)BinaryPrimitives.ReadHalfLittleEndian(block);
        float least = (float)BinaryPrimitives.ReadHalfLittleEndian(block[2..]);
        uint fifth = BinaryPrimitives.ReadUInt32LittleEndian(block[4..]);
        for (int i = 0; i < Middle; i++)
        {
            values[i] = scale * ((block[8 + i] & 15) + (int)((fifth >> i) & 1) * 16) + least;
            values[i + Middle] = scale * ((block[8 + i] >> 4) + (int)((fifth >> (i + Middle)) & 1) * 16) + least;
        }
    }

    protected override void EncodeBlock(ReadOnlySpan<float> values, Span<byte> block)
    {
        var (least, greatest) = Rounding.Range(values);
        float scale = (greatest - least) / 31;
        float inverse = scale == 0 ? 0 : 1 / scale;
        uint fifth = 0;
        for (int i = 0; i < Middle; i++)
        {
            int low = Rounding.Shifted((values[i] - least) * inverse + 0.5f, 31);
            int high = Rounding.Shifted((values[i + Middle] - least) * inverse + 0.5f, 31);
            block[8 + i] = (byte)((low & 15) | (high << 4));
            fifth |= (uint)(low >> 4) << i | (uint)(high >> 4) << (i + Middle);
        }
        BinaryPrimitives.WriteHalfLittleEndian(block, (Half)scale);
        BinaryPrimitives.WriteHalfLittleEndian(block[2..], (Half)least);
        BinaryPrimitives.WriteUInt32LittleEndian(block[4..], fifth);
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
            uint fifth = Unsafe.ReadUnaligned<uint>(block + 4);
            var sixteen = TLanes.Create(16);
            for (int i = 0; i < Middle; i += TLanes.Count)
            {
                var low = TLanes.Add(TLanes.FromLowNibbles(block + 8 + i), TLanes.Keep(sixteen, fifth >> i));
                state = TSink.Take<TLanes, TVec>(TLanes.Add(TLanes.Multiply(scale, low), least), values + i, state);
            }
            for (int i = 0; i < Middle; i += TLanes.Count)
            {
                var high = TLanes.Add(TLanes.FromHighNibbles(block + 8 + i), TLanes.Keep(sixteen, fifth >> (i + Middle)));
                state = TSink.Take<TLanes, TVec>(TLanes.Add(TLanes.Multiply(scale, high), least), values + i + Middle, state);
            }
            return state;
        }
    }
}
