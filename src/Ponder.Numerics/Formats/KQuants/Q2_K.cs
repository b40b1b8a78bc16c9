using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Ponder.Numerics.Kernels;

namespace Ponder.Numerics.Formats;

/// <summary>
/// GGUF Q2_K: 256 values in 16 groups of 16, <c>d * scale * q - dmin * minimum</c>, q of two bits.
/// Block: 16 bytes (scale in the low half, minimum in the high half), 64 bytes of codes, d and dmin (float16).
/// Each half of 128 values takes 32 code bytes: value <c>32 r + i</c> of it sits in bits 2r and 2r + 1 of byte i.
/// </summary>
/// <remarks>Encoding keeps normal values to a relative RMS error of 0.269 (measured on 65,536 of them).</remarks>
internal sealed class Q2_K : VectorFormat<Q2_K.Decoder>
{
    private const int Codes = 16;
    private const int D = Codes + 64;

    public override string Name => "Q2_K";
    public override int? GgufType => 10;
    public override int BlockSize => 256;
    public override int BlockBytes => D + 4;
    public override bool CanEncode => true;

    protected override void DecodeBlock(ReadOnlySpan<byte> block, Span<float> values)
    {
        float d = (float)BinaryPrimitives.ReadHalfLittleEndian(block[D..]);
        float dmin = (float)BinaryPrimitives.ReadHalfLittleEndian(block[(D + 2)..]);
        for (int i = 0; i < 256; i++)
        {
            int half = i / 128, row = i / 32 % 4, column = i % 32;
            int code = (block[Codes + half * 32 + column] >> (row * 2)) & 3;
            values[i] = d * (block[i / 16] & 15) * code - dmin * (block[i / 16] >> 4);
        }
    }

    protected override void EncodeBlock(ReadOnlySpan<float> values, Span<byte> block)
    {
        Span<int> scales = stackalloc int[16], minimums = stackalloc int[16];
        Span<byte> codes = stackalloc byte[256];
        KGroups.Affine(values, 3, 15, scales, minimums, codes, block[D..]);
        for (int g = 0; g < 16; g++)
            block[g] = (byte)(scales[g] | (minimums[g] << 4));
        block[Codes..D].Clear();
        for (int i = 0; i < 256; i++)
            block[Codes + i / 128 * 32 + i % 32] |= (byte)(codes[i] << (i / 32 % 4 * 2));
    }

    internal readonly unsafe struct Decoder : IBlockDecoder
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVec Visit<TLanes, TVec, TSink>(byte* block, float* values, TVec state)
            where TLanes : struct, ILanes<TVec>
            where TVec : struct
            where TSink : struct, IWeightSink
        {
            float d = HalfScale.Read(block + D), dmin = HalfScale.Read(block + D + 2);
            byte* codes = block + Codes;
            for (int half = 0; half < 2; half++, codes += 32)
            {
                for (int shift = 0; shift < 8; shift += 2, block += 2, values += 32)
                {
                    for (int group = 0; group < 2; group++)
                    {
                        var scale = TLanes.Create(d * (block[group] & 15));
                        var minimum = TLanes.Create(dmin * (block[group] >> 4));
                        for (int i = group * 16; i < group * 16 + 16; i += TLanes.Count)
                        {
                            var scaled = TLanes.Multiply(scale, TLanes.FromBits(codes + i, shift, 3));
                            state = TSink.Take<TLanes, TVec>(TLanes.Subtract(scaled, minimum), values + i, state);
                        }
                    }
                }
            }
            return state;
        }
    }
}
