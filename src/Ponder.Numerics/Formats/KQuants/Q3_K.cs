using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Ponder.Numerics.Kernels;

namespace Ponder.Numerics.Formats;

/// <summary>
/// GGUF Q3_K: 256 values in 16 groups of 16, <c>d * (scale - 32) * (q - 4)</c>, q of three bits.
/// Block: 32 bytes of third bits (bit g of byte i belongs to value <c>32 g + i</c>), 64 bytes of lower bits laid out as in Q2_K,
/// 12 bytes of scales of six bits, d (float16).
/// Scale s has its lower four bits in byte <c>s % 8</c> (high half from s = 8 on), its upper two in byte <c>8 + s % 4</c> at bit
/// <c>s / 4 * 2</c>.
/// </summary>
/// <remarks>Encoding keeps normal values to a relative RMS error of 0.143 (measured on 65,536 of them).</remarks>
internal sealed class Q3_K : VectorFormat<Q3_K.Decoder>
{
    private const int Codes = 32;
    private const int Scales = Codes + 64;
    private const int D = Scales + 12;

    public override string Name => "Q3_K";
    public override int? GgufType => 11;
    public override int BlockSize => 256;
    public override int BlockBytes => D + 2;
    public override bool CanEncode => true;

    protected override void DecodeBlock(ReadOnlySpan<byte> block, Span<float> values)
    {
        float d = (float)BinaryPrimitives.ReadHalfLittleEndian(block[D..]);
        for (int i = 0; i < 256; i++)
        {
            int half = i / 128, row = i / 32 % 4, column = i % 32, s = i / 16;
            int scale = ((block[Scales + s % 8] >> (s / 8 * 4)) & 15) | (((block[Scales + 8 + s % 4] >> (s / 4 * 2)) & 3) << 4);
            int code = ((block[Codes + half * 32 + column] >> (row * 2)) & 3) | (((block[column] >> (i / 32)) & 1) << 2);
            values[i] = d * (scale - 32) * (code - 4);
        }
    }

    protected override void EncodeBlock(ReadOnlySpan<float> values, Span<byte> block)
    {
        Span<int> scales = stackalloc int[16];
        Span<byte> codes = stackalloc byte[256];
        KGroups.Symmetric(values, 4, 32, scales, codes, block[D..]);
        block[..D].Clear();
        for (int s = 0; s < 16; s++)
        {
            int scale = scales[s] + 32;
            block[Scales + s % 8] |= (byte)((scale & 15) << (s / 8 * 4));
            block[Scales + 8 + s % 4] |= (byte)(scale >> 4 << (s / 4 * 2));
        }
        for (int i = 0; i < 256; i++)
        {
            block[Codes + i / 128 * 32 + i % 32] |= (byte)((codes[i] & 3) << (i / 32 % 4 * 2));
            block[i % 32] |= (byte)(codes[i] >> 2 << (i / 32));
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
            float d = HalfScale.Read(block + D);
            byte* scales = block + Scales;
            var four = TLanes.Create(4);
            for (uint s = 0; s < 16; s++, values += 16)
            {
                int number = ((scales[s % 8] >> (int)(s / 8 * 4)) & 15) | (((scales[8 + s % 4] >> (int)(s / 4 * 2)) & 3) << 4);
                var scale = TLanes.Create(d * (number - 32));
                byte* codes = block + Codes + s / 8 * 32 + s % 2 * 16;
                byte* third = block + s % 2 * 16;
                int shift = (int)(s / 2 % 4 * 2);
                for (int i = 0; i < 16; i += TLanes.Count)
                {
                    // Whole numbers below 8: exact however the sum is rounded.
                    var lower = TLanes.Subtract(TLanes.FromBits(codes + i, shift, 3), four);
                    var code = TLanes.MultiplyAdd(TLanes.FromBits(third + i, (int)(s / 2), 1), four, lower);
                    state = TSink.Take<TLanes, TVec>(TLanes.Multiply(scale, code), values + i, state);
                }
            }
            return state;
        }
    }
}
