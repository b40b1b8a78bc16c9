using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Ponder.Numerics.Kernels;

namespace Ponder.Numerics.Formats;

/// <summary>GGUF Q8_0: 32 values as signed bytes with one float16 scale. Block: scale (2 bytes), 32 bytes.</summary>
internal sealed class Q8_0 : VectorFormat<Q8_0.Decoder>
{
    private const int Size = 32;

    public override string Name => "Q8_0";
    public override int? GgufType => 8;
    public override int BlockSize => Size;
    public override int BlockBytes => 2 + Size;
    public override bool CanEncode => true;

    protected override void DecodeBlock(ReadOnlySpan<byte> block, Span<float> values)
    {
        float scale = (float)BinaryPrimitives.ReadHalfLittleEndian(block);
        for (int i = 0; i < Size; i++)
            values[i] = scale * (sbyte)block[2 + i];
    }

    protected override void EncodeBlock(ReadOnlySpan<float> values, Span<byte> block)
    {
        float largest = 0;
        for (int i = 0; i < Size; i++)
            largest = MathF.Max(largest, MathF.Abs(values[i]));
        float scale = largest / 127;
        float inverse = scale == 0 ? 0 : 1 / scale;
        BinaryPrimitives.WriteHalfLittleEndian(block, (Half)scale);
        for (int i = 0; i < Size; i++)
            block[2 + i] = (byte)(sbyte)MathF.Round(values[i] * inverse, MidpointRounding.AwayFromZero);
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
            for (int i = 0; i < Size; i += TLanes.Count)
                state = TSink.Take<TLanes, TVec>(TLanes.Multiply(scale, TLanes.FromSBytes((sbyte*)block + 2 + i)), values + i, state);
            return state;
        }
    }
}
