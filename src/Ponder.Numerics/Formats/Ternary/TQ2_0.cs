using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Ponder.Numerics.Kernels;

namespace Ponder.Numerics.Formats;

/// <summary>
/// GGUF TQ2_0: 256 values as <c>scale * (q - 1)</c>, q of two bits; encoding gives -1, 0 or 1 times the largest magnitude.
/// Block: 64 bytes laid out as the codes of Q2_K, scale (float16).
/// </summary>
internal sealed class TQ2_0 : VectorFormat<TQ2_0.Decoder>
{
    private const int Scale = 64;

    public override string Name => "TQ2_0";
    public override int? GgufType => 35;
    public override int BlockSize => 256;
    public override int BlockBytes => Scale + 2;
    public override bool CanEncode => true;

    protected override void DecodeBlock(ReadOnlySpan<byte> block, Span<float> values)
    {
        float scale = (float)BinaryPrimitives.ReadHalfLittleEndian(block[Scale..]);
        for (int i = 0; i < 256; i++)
            values[i] = scale * (((block[i / 128 * 32 + i % 32] >> (i / 32 % 4 * 2)) & 3) - 1);
    }

    protected override void EncodeBlock(ReadOnlySpan<float> values, Span<byte> block)
    {
        Span<byte> trits = stackalloc byte[256];
        BinaryPrimitives.WriteHalfLittleEndian(block[Scale..], (Half)Rounding.Trits(values, trits));
        block[..Scale].Clear();
        for (int i = 0; i < 256; i++)
            block[i / 128 * 32 + i % 32] |= (byte)(trits[i] << (i / 32 % 4 * 2));
    }

    internal readonly unsafe struct Decoder : IBlockDecoder
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVec Visit<TLanes, TVec, TSink>(byte* block, float* values, TVec state)
            where TLanes : struct, ILanes<TVec>
            where TVec : struct
            where TSink : struct, IWeightSink
        {
            var scale = TLanes.Create(HalfScale.Read(block + Scale));
            var one = TLanes.Create(1);
            for (int row = 0; row < 8; row++, values += 32)
            {
                byte* codes = block + row / 4 * 32;
                for (int i = 0; i < 32; i += TLanes.Count)
                    state = TSink.Take<TLanes, TVec>(TLanes.Multiply(scale, TLanes.Subtract(TLanes.FromBits(codes + i, row % 4 * 2, 3), one)), values + i, state);
            }
            return state;
        }
    }
}
